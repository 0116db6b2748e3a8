import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram } from './go-program.mjs';
import { cacheFolder } from './paths.mjs';

/** The server that docker-compose.yml runs too (a test compares them). */
export const TEMPORAL_SERVER_VERSION = '1.29.1';
const MODULE = 'go.temporal.io/server';

const REMEDY = 'Install Go 1.24 or newer (https://go.dev/dl), or use Temporal’s dev server instead: --temporal dev.';

/**
 * What Temporal on Postgres needs, built by Go into our cache when it is not there: the server, and the tool that has the database schemas
 * in it and applies them. Throws SetupError with the remedy.
 * @returns {Promise<{server: string, sqlTool: string}>}
 */
export async function ensureTemporalServer({ log, env = process.env }) {
  const bin = join(cacheFolder(env), 'bin');
  const programs = [
    {
      package: 'cmd/server',
      target: join(bin, `temporal-server-${TEMPORAL_SERVER_VERSION}`),
      title: 'Temporal’s server',
    },
    {
      package: 'cmd/tools/sql',
      target: join(bin, `temporal-sql-tool-${TEMPORAL_SERVER_VERSION}`),
      title: 'Temporal’s SQL tool',
    },
  ];
  for (const { package: path, target, title } of programs) {
    if (existsSync(target)) continue;
    const module = `${MODULE}/${path}@v${TEMPORAL_SERVER_VERSION}`;
    await buildGoProgram({ title, module, target, minutes: '4', remedy: REMEDY, log, env });
  }
  return { server: programs[0].target, sqlTool: programs[1].target };
}
