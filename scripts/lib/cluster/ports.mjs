import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { SetupError } from '../run.mjs';

const LOWEST = 10_240;

/** The first port that the system hands out by itself to connections. */
function firstEphemeral() {
  try {
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
    return first > LOWEST + 2_000 ? first : 32_768;
  } catch {
    return 32_768; // not Linux: its usual start there is higher
  }
}

/** Whether a server could listen there now. */
export function portFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Different free ports for servers that are killed and come again on the same port. None of the ephemeral range: while such a server is
 * away, a client's connection could be given its port, or meet itself there.
 */
export async function findStablePorts(count, taken = new Set()) {
  const found = [];
  const span = firstEphemeral() - LOWEST;
  for (let tries = 0; found.length < count; tries++) {
    if (tries > 50 * count + 100)
      throw new SetupError(`No ${count} free ports between ${LOWEST} and ${LOWEST + span}.`);
    const port = LOWEST + Math.floor(Math.random() * span);
    if (taken.has(port) || found.includes(port) || !(await portFree(port))) continue;
    found.push(port);
  }
  return found;
}

/** The first of `count` free ports that follow each other, looked for from `from` upwards. */
export async function findBlock(from, count) {
  for (let first = from; first < from + 1_000; first++) {
    const block = Array.from({ length: count }, (_, i) => first + i);
    const free = await Promise.all(block.map(portFree));
    if (free.every(Boolean)) return first;
  }
  throw new SetupError(`No ${count} free ports in a row from ${from} on.`);
}
