import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { syslogMessage } from '../../../../src/adapters/sinks/syslog-message';
import { createSyslogSink } from '../../../../src/adapters/sinks/syslog-sink';
import { record } from './record';

const identity = { hostname: 'host.example', pid: 42 };

/** Undoes octet counting; fails on anything that is not framed so. */
function unframe(stream: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < stream.length;) {
    const blank = stream.indexOf(' ', at);
    const length = Number(stream.subarray(at, blank).toString());
    expect(length).toBeGreaterThan(0);
    messages.push(stream.subarray(blank + 1, blank + 1 + length).toString('utf8'));
    at = blank + 1 + length;
  }
  return messages;
}

async function tcpServer(port = 0) {
  const sockets: Socket[] = [];
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (data) => received.push(data));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, received: () => Buffer.concat(received), close };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

describe('syslog message', () => {
  it('has the fields of RFC 5424 and no payload', () => {
    expect(syslogMessage(record(3), identity)).toBe(
      '<134>1 2026-11-23T01:24:18.717Z host.example everstorm 42 succeeded ' +
        '[everstorm@32473 execution="00112233445566778a000000" action="demo.diagnose" status="succeeded" user="stanley" ' +
        'rule="demo.on_alert" trigger="demo.alert" record="00112233445566778a000000/run/3"] ' +
        'execution 00112233445566778a000000 of demo.diagnose is succeeded',
    );
  });

  it('failures are warnings', () => {
    expect(syslogMessage(record(0, { status: 'timeout' }), identity)).toMatch(/^<132>1 /);
  });

  it('nobody breaks out of the structured data or the line', () => {
    const message = syslogMessage(record(0, { context: { user: 'a"] <1>\n\\', pack: 'p' } }), identity);
    expect(message).toContain('user="a\\"\\] <1> \\\\"');
    expect(message).not.toContain('\n');
  });
});

describe('syslog sink', () => {
  it('udp: one datagram a record', async () => {
    const listener = createSocket('udp4');
    const received: string[] = [];
    listener.on('message', (data) => received.push(data.toString()));
    listener.bind(0, '127.0.0.1');
    await once(listener, 'listening');
    const sink = createSyslogSink({ host: '127.0.0.1', port: listener.address().port, protocol: 'udp' });
    await sink.write([record(0), record(1)]);
    await until(() => received.length === 2);
    await sink.close();
    listener.close();
    expect(received.map((text) => /record="([^"]*)"/.exec(text)?.[1])).toEqual([record(0).id, record(1).id]);
  });

  it('tcp: octet counting over one connection, multi-byte text counted in bytes', async () => {
    const server = await tcpServer();
    const sink = createSyslogSink({ host: '127.0.0.1', port: server.port, protocol: 'tcp' });
    const records = [record(0, { context: { user: 'Jürgen☃', pack: 'p' } }), record(1)];
    await sink.write(records);
    await sink.write([record(2)]);
    await sink.close();
    await until(() => unframe(server.received()).length === 3);
    expect(unframe(server.received())[0]).toContain('user="Jürgen☃"');
    await server.close();
  });

  it('tcp: says so when nobody listens, and works again when somebody does', async () => {
    const first = await tcpServer();
    const sink = createSyslogSink({ host: '127.0.0.1', port: first.port, protocol: 'tcp' });
    await sink.write([record(0)]);
    await until(() => first.received().length > 0);
    await first.close();
    await expect(
      (async () => {
        // The first write after the hang-up may still be taken by the kernel.
        for (let n = 0; n < 100; n += 1) await sink.write([record(n)]);
      })(),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const second = await tcpServer(first.port);
    await sink.write([record(7)]);
    await until(() => unframe(second.received()).length === 1);
    await sink.close();
    await second.close();
  });
});
