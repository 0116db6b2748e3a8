import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/** A name's path under a directory; null when it is empty, climbs out, or holds what no path can (NUL). Names of files are foreign text. */
export function pathInside(directory: string, name: string): string | null {
  const path = resolve(directory, name);
  return name === '' || name.includes('\u0000') || !path.startsWith(resolve(directory) + sep) ? null : path;
}

/** Like {@link pathInside} for what exists, links followed; null also when nothing is there. */
export async function existingPathInside(directory: string, name: string): Promise<string | null> {
  const path = pathInside(directory, name);
  if (path === null) return null;
  try {
    const [root, target] = await Promise.all([realpath(directory), realpath(path)]);
    return target.startsWith(root + sep) ? target : null;
  } catch {
    // nothing there, or not for us to see
    return null;
  }
}
