import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';

/** A TCP port on 127.0.0.1 that is free now; different ones for calls made together. */
export async function findFreePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Whether something accepts connections there. */
export function portTaken({ host = '127.0.0.1', port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (taken) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(1_000, () => end(true));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Whether a Kafka broker answers there: one ApiVersions request (key 18, version 0), which every broker knows. */
export function kafkaHealthy({ host = '127.0.0.1', port, timeoutMs = 2_000 }) {
  const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255]);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (healthy) => {
      socket.destroy();
      resolve(healthy);
    };
    let answer = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => socket.write(request));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length >= 10) end(answer.readInt32BE(4) === 7 && answer.readInt16BE(8) === 0);
    });
  });
}

/** Whether Postgres takes sessions there: it answers a start-up message of `user` with an authentication request, not with an error. */
export function postgresHealthy({ host = '127.0.0.1', port, user = 'postgres', timeoutMs = 2_000 }) {
  const words = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(words.length + 8, 0);
  head.writeInt32BE(196_608, 4); // protocol 3.0
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (healthy) => {
      socket.destroy();
      resolve(healthy);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => socket.write(Buffer.concat([head, words])));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', (chunk) => end(chunk[0] === 0x52)); // 'R'
  });
}

const TEMPORAL_SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';

/** Whether a Temporal frontend says SERVING there: gRPC's standard health check, spoken over Node's own HTTP/2. */
export function temporalHealthy({ host = '127.0.0.1', port, timeoutMs = 2_000 }) {
  const name = Buffer.from(TEMPORAL_SERVICE);
  // gRPC frame (uncompressed, length) around the message { 1: service name }.
  const message = Buffer.concat([Buffer.from([0, 0, 0, 0, name.length + 2, 0x0a, name.length]), name]);
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${host}:${port}`);
    const timer = setTimeout(() => end(false), timeoutMs);
    const end = (healthy) => {
      clearTimeout(timer);
      session.destroy();
      resolve(healthy);
    };
    session.once('error', () => end(false));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let answer = Buffer.alloc(0);
    stream.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
    });
    stream.once('error', () => end(false));
    // { 1: status }, SERVING = 1.
    stream.once('end', () => end(answer.length >= 7 && answer[5] === 0x08 && answer[6] === 1));
    stream.end(message);
  });
}
