import { startGroup } from './process-group';
import type { ProcessGroup } from './process-group';
import { LEASE_MS } from '../../src/model/timings';
import type { Report, Request } from './protocol';

/**
 * The supervisor: one small process per worker that owns every process group the worker's actions run in, so that none
 * outlives it. It kills them all when its pipe to the worker closes (kill -9, crash, exit) or when the worker stops
 * renewing its lease (SIGSTOP, an event loop that hangs). Started by client.ts; argv: lease in milliseconds.
 */
const TICKS_PER_LEASE = 10;
const leaseMs = Number(process.argv[2] ?? LEASE_MS);
const groups = new Map<number, ProcessGroup>();

function send(report: Report): void {
  if (report.kind === 'ended' || report.kind === 'refused') groups.delete(report.id);
  // A report that finds the pipe closed has no reader any more; `disconnect` ends this process.
  if (process.connected) process.send?.(report, undefined, undefined, () => undefined);
}

/** The lease is counted in our own ticks, not in time: when the whole machine slept, nobody missed a renewal. */
let missedTicks = 0;
setInterval(() => {
  missedTicks += 1;
  if (missedTicks > TICKS_PER_LEASE) groups.forEach((group) => group.kill('lost'));
}, leaseMs / TICKS_PER_LEASE);

function end(): void {
  groups.forEach((group) => group.destroy());
  process.exit(0);
}

process.on('message', (request: Request) => {
  missedTicks = 0;
  if (request.kind === 'kill') groups.get(request.id)?.kill('killed');
  if (request.kind !== 'spawn') return;
  try {
    groups.set(request.id, startGroup(request.id, request.command, send));
  } catch (error) {
    const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
    send({ kind: 'refused', id: request.id, code, message });
  }
});
process.on('disconnect', end);
// Signals to a whole service (Ctrl-C, systemd) are for the worker: it lets its actions end, or stops them, and then closes the pipe.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
