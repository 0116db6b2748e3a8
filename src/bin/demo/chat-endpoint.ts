import { createServer } from 'node:http';

/** Where the demo's chat listens; `everstorm dev` gives this URL to the demo pack's actions. */
export const DEMO_CHAT_PORT = 9199;
export const DEMO_CHAT_URL = `http://127.0.0.1:${DEMO_CHAT_PORT}/chat`;

/** A chat room as an HTTP endpoint: takes POSTed `{"text"}` and keeps it. Stands in for Slack and its like. */
export interface ChatEndpoint {
  messages(): readonly string[];
  close(): Promise<void>;
}

const LARGEST_MESSAGE = 1_000_000;

export async function startChatEndpoint(port: number): Promise<ChatEndpoint> {
  const messages: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
      if (body.length > LARGEST_MESSAGE) request.destroy();
    });
    request.on('end', () => {
      messages.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    messages: () => messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
