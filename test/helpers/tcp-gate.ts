import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy to one server, on a free port that it keeps, with which a test takes that server away for a while. */
export interface TcpGate {
  /** host:port for whoever is to go through the gate. */
  readonly address: string;
  /** As if the server had died: connections are cut, new ones refused. */
  refuse(): Promise<void>;
  /** As if the network had: connections stay and new ones are taken, but nothing comes through until the gate opens. */
  hold(): Promise<void>;
  /** Everything passes again; what was held back first. */
  open(): Promise<void>;
  /** For good. */
  close(): Promise<void>;
}

interface Pair {
  near: Socket;
  far: Socket;
}

/** Open from the start. */
export async function startTcpGate(target: string): Promise<TcpGate> {
  const [host, port] = target.split(':');
  const pairs = new Set<Pair>();
  let held = false;
  const flow = ({ near, far }: Pair): Socket => near.pipe(far).pipe(near);
  const server = createServer((near) => {
    const pair = { near, far: connect(Number(port), host) };
    pairs.add(pair);
    for (const [socket, other] of [
      [near, pair.far],
      [pair.far, near],
    ] as const) {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
    if (!held) flow(pair);
  });
  const listen = async (on: number): Promise<void> => {
    server.listen(on, '127.0.0.1');
    await once(server, 'listening');
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const { near } of pairs) near.destroy();
    await closed;
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  return {
    address: `127.0.0.1:${own}`,
    refuse,
    hold: () => {
      held = true;
      for (const { near, far } of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
      return Promise.resolve();
    },
    open: async () => {
      if (held) pairs.forEach(flow);
      held = false;
      if (!server.listening) await listen(own);
    },
    close: refuse,
  };
}
