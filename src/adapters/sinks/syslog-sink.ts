import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { EverstormError } from '../../model/errors';
import type { AuditSink } from '../../ports/audit-log';
import { syslogMessage } from './syslog-message';
import type { SyslogIdentity } from './syslog-message';

export interface SyslogSinkOptions {
  host: string;
  port: number;
  protocol: 'udp' | 'tcp';
  /** 0-23. Default 16 (local0). */
  facility?: number;
  /** Milliseconds for connecting and for handing over one batch. Default 5,000. */
  timeoutMs?: number;
}

/** Carries finished messages, in order. */
interface Transport {
  send(messages: readonly Buffer[]): Promise<void>;
  close(): Promise<void>;
}

const unavailable = ({ host, port, protocol }: SyslogSinkOptions, cause?: unknown): EverstormError =>
  new EverstormError('UNAVAILABLE', `syslog at ${protocol}://${host}:${port} does not take messages`, {}, { cause });

/** RFC 5426: one message a datagram. Sent means handed to the network; UDP promises no more. */
function udp(options: SyslogSinkOptions): Transport {
  const socket = createSocket({ type: options.host.includes(':') ? 'udp6' : 'udp4' });
  socket.on('error', () => undefined);
  socket.unref();
  const sendOne = (message: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(message, options.port, options.host, (error) =>
        error ? reject(unavailable(options, error)) : resolve(),
      );
    });
  return {
    send: async (messages) => {
      for (const message of messages) await sendOne(message);
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Resolves with a connected socket or throws UNAVAILABLE. */
function dial(options: SyslogSinkOptions, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: options.host, port: options.port, keepAlive: true });
    const fail = (cause?: unknown): void => {
      socket.destroy();
      reject(unavailable(options, cause));
    };
    socket.setTimeout(timeoutMs, () => fail());
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      // Syslog servers say nothing: reading only serves to see them hang up.
      socket.resume();
      socket.unref();
      resolve(socket);
    });
  });
}

/** Writes and waits until the kernel took it all; a server that reads nothing runs into the time-out. */
function writeAll(socket: Socket, data: Buffer, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('timed out')), timeoutMs);
    const done = (error?: Error | null): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    socket.write(data, done);
  });
}

/** RFC 6587 §3.4.1: octet counting, one connection kept, dialled again after it broke. */
function tcp(options: SyslogSinkOptions): Transport {
  const timeoutMs = options.timeoutMs ?? 5_000;
  let socket: Socket | null = null;

  async function connected(): Promise<Socket> {
    if (socket !== null && !socket.destroyed && socket.writable) return socket;
    const dialled = await dial(options, timeoutMs);
    const forget = (): void => {
      dialled.destroy();
      if (socket === dialled) socket = null;
    };
    dialled.on('error', forget).on('close', forget).on('end', forget);
    socket = dialled;
    return dialled;
  }

  return {
    send: async (messages) => {
      const target = await connected();
      const framed = messages.flatMap((message) => [Buffer.from(`${message.length} `), message]);
      await writeAll(target, Buffer.concat(framed), timeoutMs).catch((error: unknown) => {
        target.destroy();
        throw unavailable(options, error);
      });
    },
    close: async () => {
      const open = socket;
      if (open === null || open.destroyed) return;
      await new Promise<void>((resolve) => open.once('close', () => resolve()).end());
    },
  };
}

/**
 * Audit records to a syslog server (RFC 5424), over UDP or TCP. `write` resolves when the messages were handed to the
 * network, and throws UNAVAILABLE when they were not; the same records may then be written again.
 */
export function createSyslogSink(options: SyslogSinkOptions): AuditSink {
  const identity: SyslogIdentity = {
    hostname: hostname(),
    pid: process.pid,
    ...(options.facility === undefined ? {} : { facility: options.facility }),
  };
  const transport = options.protocol === 'udp' ? udp(options) : tcp(options);
  let queue: Promise<void> = Promise.resolve();
  return {
    name: 'syslog',
    write: (records) => {
      const messages = records.map((record) => Buffer.from(syslogMessage(record, identity), 'utf8'));
      const done = queue.then(() => transport.send(messages));
      queue = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await queue;
      await transport.close();
    },
  };
}
