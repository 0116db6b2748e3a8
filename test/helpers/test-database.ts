import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** URL of a Postgres server on which databases may be made; absent where Postgres is not installed. */
const server = process.env['EVERSTORM_TEST_POSTGRES'];

/** `describe`, which is skipped where there is no Postgres server. */
export const describeWithPostgres: jest.Describe = server ? describe : describe.skip;

/** An empty database of its own. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `everstorm_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server ?? 'postgres://localhost/x');
  url.pathname = `/${name}`;
  await asAdmin(`create database ${name}`);
  return { url: url.href, drop: () => asAdmin(`drop database ${name} with (force)`) };
}

async function asAdmin(text: string): Promise<void> {
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(text).finally(() => admin.end());
}
