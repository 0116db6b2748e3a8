import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { EverstormError } from '../model/errors';
import type { RunningRole } from './roles/role';

export interface Address {
  host: string;
  port: number;
}

/** What requests under way get before their connections are cut. */
const GRACE_MS = 3_000;

/** Serves HTTP there. Throws what `taken` makes when another program has the port. */
export async function listen(
  app: RequestListener,
  address: Address,
  taken: () => EverstormError,
): Promise<RunningRole> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken() : error));
    server.listen(address.port, address.host, resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
      }),
  };
}

/** An error that names the port, its owner's likely kind, and the variable to change. */
export const portTaken = (what: string, { host, port }: Address, variable: string): EverstormError =>
  new EverstormError(
    'CONFIGURATION',
    `${what}: port ${port} on ${host} is taken by another program (another Everstorm?): stop it, or choose another with ${variable}`,
  );
