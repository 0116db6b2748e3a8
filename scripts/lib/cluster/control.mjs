import { rmSync } from 'node:fs';
import { createServer, request } from 'node:http';

const BODY_LIMIT = 100_000;

/**
 * What the keeper does when asked; names are members (`worker-2`) or kinds (`worker`), none means all roles.
 * hold / release: what ends stays ended / comes up again; restart (= rolling): gracefully, one after the other, each ready before the next,
 * with `env` (variables) and `dist` (program folder) from now on; down: end everything.
 */
const COMMANDS = {
  hold: (cluster, { members }) => cluster.hold(members),
  release: (cluster, { members }) => cluster.release(members),
  restart: (cluster, { members, env, dist }) => cluster.rollingRestart(members, { env, dist }),
};

async function bodyOf(incoming) {
  let text = '';
  for await (const chunk of incoming) {
    text += chunk;
    if (text.length > BODY_LIMIT) throw new Error('the command is too long');
  }
  return JSON.parse(text);
}

async function perform(incoming, cluster, end) {
  const { command, ...options } = await bodyOf(incoming);
  if (command === 'down') return end();
  if (!Object.hasOwn(COMMANDS, command)) throw new Error(`unknown command ${command}`);
  await COMMANDS[command](cluster, options);
}

/** Takes commands at a unix socket, which only its owner may use: one POST each, answered when it is done. */
export async function listenForCommands(path, cluster, end) {
  rmSync(path, { force: true }); // of a keeper that was killed
  const server = createServer((incoming, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    perform(incoming, cluster, end).then(
      () => answer(200, { members: cluster.info() }),
      (error) => answer(400, { error: error.message }),
    );
  });
  const mask = process.umask(0o177);
  try {
    await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
  } finally {
    process.umask(mask);
  }
  return server;
}

/** Sends one command; resolves to the members when it is done. Throws when the keeper refuses it, fails, or is not there. */
export function sendCommand(path, command) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: path, method: 'POST', path: '/' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.once('end', () => {
        const { error, members } = JSON.parse(text);
        if (error === undefined) resolve(members);
        else reject(new Error(error));
      });
    });
    outgoing.once('error', reject);
    outgoing.end(JSON.stringify(command));
  });
}
