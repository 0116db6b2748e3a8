import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with Everstorm's package.json: the same seen from the sources and from dist/. */
export const PROJECT_ROOT = findRoot(__dirname);
/** Packs that come with Everstorm. */
export const SYSTEM_PACKS_PATH = join(PROJECT_ROOT, 'packs');
/** The folder this program runs from, when it is a built one: an older build beside a newer one has its own bundle and supervisor. */
export const DIST = builtFolder() ?? join(PROJECT_ROOT, 'dist');
export const WORKFLOW_BUNDLE = join(DIST, 'workflow-bundle.js');

function builtFolder(): string | null {
  const folder = join(__dirname, '../..');
  return folder === PROJECT_ROOT ? null : folder;
}

function findRoot(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'packs'))) return folder;
  }
  throw new Error(`no Everstorm project above ${from}`);
}
