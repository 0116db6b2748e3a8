import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Compiles a TypeScript program into one plain Node file, for tests that start it as a process of its own. */
export function compileProgram(source: string): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'everstorm-program-')), 'program.js');
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' });
  return outfile;
}

/** The supervisor, compiled from source. Returns the path for `createSupervisor`. */
export const compileSupervisor = (): string =>
  compileProgram(join(__dirname, '../../activities/supervisor/supervise.ts'));
