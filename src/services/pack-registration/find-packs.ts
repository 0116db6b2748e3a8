import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EverstormError } from '../../model/errors';

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Directory of each pack by name, from base directories; the first base that has a name wins, as in StackStorm. Unreadable bases have no packs. */
export async function findPacks(packPaths: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const base of packPaths) {
    const names = await readdir(base).catch(() => []);
    for (const name of names.sort()) {
      const directory = resolve(base, name);
      if (!found.has(name) && !name.startsWith('.') && (await isDirectory(directory))) found.set(name, directory);
    }
  }
  return found;
}

/** The asked-for packs' directories; all when none are named. Throws INVALID_REQUEST with StackStorm's text for one that is not on disk. */
export async function choosePacks(
  packPaths: readonly string[],
  names: readonly string[] | undefined,
): Promise<Map<string, string>> {
  const packs = await findPacks(packPaths);
  if (names === undefined || names.length === 0) return packs;
  const chosen = new Map<string, string>();
  for (const name of names) {
    const directory = packs.get(name);
    if (directory === undefined) {
      const sought = join(packPaths.at(-1) ?? '', name);
      throw new EverstormError(
        'INVALID_REQUEST',
        `Pack "${name}" not found on disk: Directory "${sought}" doesn't exist`,
        { field: 'packs' },
      );
    }
    chosen.set(name, directory);
  }
  return chosen;
}
