import { createHash } from 'node:crypto';

const SOURCE_MAP = '//# sourceMappingURL=';
const LENGTH = 16;

/**
 * Names a build of the workflows: 16 hex of the SHA-256 of the code in its bundle, the same on every machine for the same sources.
 * The source map at the bundle's end is left out: it holds the path of the folder it was made in, and nothing that runs.
 */
export function buildIdOf(bundle: string): string {
  const end = bundle.lastIndexOf(SOURCE_MAP);
  const code = end === -1 ? bundle : bundle.slice(0, end);
  return createHash('sha256').update(code).digest('hex').slice(0, LENGTH);
}
