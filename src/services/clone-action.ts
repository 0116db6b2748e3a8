import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, posix } from 'node:path';
import { z } from 'zod';
import type { Action } from '../model/action';
import { EverstormError } from '../model/errors';
import { resourceId } from '../model/ids';
import type { Pack } from '../model/pack';
import { formatRef, uid } from '../model/refs';
import { renamedMetadata } from '../packs/renamed-metadata';
import type { Definitions } from '../ports/store';
import { creating, taken } from './conflicts';
import { existingPathInside, pathInside } from './pack-paths';

/** Body of POST /actions/{ref_or_id}/clone. */
export const CloneRequest = z.looseObject({
  dest_pack: z.string().min(1),
  dest_action: z.string().min(1),
  overwrite: z.boolean().nullish(),
});
export type CloneRequest = z.infer<typeof CloneRequest>;

const ACTIONS = 'actions';
/** One segment of a path, which never begins with a dot. */
const PLAIN_NAME = /^\w[\w.-]*$/;

/**
 * Copies an action: its metadata file (renamed) and entry point into the destination pack's directory, so that the next registration finds
 * it there, and its definition into the store. Throws CONFLICT when the destination is there already and is not to be overwritten,
 * INVALID_REQUEST for an unknown pack or a name that is no file's, PACK_FILES when a file is missing or can't be written.
 */
export async function cloneAction(definitions: Definitions, source: Action, request: CloneRequest): Promise<Action> {
  const { dest_pack: packRef, dest_action: name } = request;
  const overwrite = request.overwrite === true;
  if (!PLAIN_NAME.test(name)) {
    throw new EverstormError('INVALID_REQUEST', 'dest_action: expected letters, digits, "_", "-" and "." only');
  }
  const [from, to, existing] = await Promise.all([
    definitions.get('pack', source.pack),
    definitions.get('pack', packRef),
    definitions.get('action', formatRef(packRef, name)),
  ]);
  if (!to) throw new EverstormError('INVALID_REQUEST', `Destination pack "${packRef}" is not registered.`);
  const clone = renamed(source, { name, pack: packRef, existing });
  if (existing && !overwrite) throw taken(clone.uid, existing.id);

  await copyFiles({ from, to, source, clone, overwrite });
  if (existing) await definitions.put('action', clone, 'pack');
  else await creating(clone.uid, () => definitions.create('action', clone, 'pack'));
  const written = [clone.metadata_file, ...(clone.entry_point === '' ? [] : [`${ACTIONS}/${clone.entry_point}`])];
  await definitions.put('pack', { ...to, files: [...new Set([...to.files, ...written])].sort() }, 'pack');
  return clone;
}

/** The entry point keeps its folder and extension; an overwritten action its metadata file, or the pack would define it twice. */
function renamed(source: Action, as: { name: string; pack: string; existing: Action | null }): Action {
  const { name, pack, existing } = as;
  const { entry_point: entry } = source;
  const cloneUid = uid('action', pack, name);
  return {
    ...source,
    id: resourceId(cloneUid),
    uid: cloneUid,
    ref: formatRef(pack, name),
    name,
    pack,
    entry_point: entry === '' ? '' : posix.join(posix.dirname(entry), name + extname(entry)),
    metadata_file: existing?.metadata_file || `${ACTIONS}/${name}.yaml`,
  };
}

interface Copy {
  from: Pack | null;
  to: Pack;
  source: Action;
  clone: Action;
  overwrite: boolean;
}

interface NewFile {
  /** Relative to the destination pack. */
  path: string;
  content: string | Buffer;
  mode: number;
}

/** The entry point before the metadata: a registration in between must not find an action without its program. */
async function copyFiles({ from, to, source, clone, overwrite }: Copy): Promise<void> {
  const files: NewFile[] = [];
  if (source.entry_point !== '') {
    const path = `${ACTIONS}/${clone.entry_point}`;
    files.push({ path, ...(await original(from, `${ACTIONS}/${source.entry_point}`, { to, path })) });
  }
  const path = clone.metadata_file;
  const metadata = await original(from, source.metadata_file, { to, path });
  const names = { name: clone.name, pack: clone.pack, entryPoint: clone.entry_point };
  const text = renamedMetadata(metadata.content.toString('utf8'), names);
  if (text === null) throw notCopied(to, path);
  files.push({ path, content: text, mode: metadata.mode });

  const written: string[] = [];
  try {
    for (const file of files) written.push(await place(to, file, { overwrite, uid: clone.uid }));
  } catch (error) {
    // Nothing half copied stays behind; what was overwritten can't be brought back and is a whole file.
    if (!overwrite) await Promise.all(written.map((target) => rm(target, { force: true })));
    throw error;
  }
}

async function original(
  from: Pack | null,
  name: string,
  copy: { to: Pack; path: string },
): Promise<{ content: Buffer; mode: number }> {
  const path = from && (await existingPathInside(from.path, name));
  if (path === null) throw notCopied(copy.to, copy.path);
  try {
    const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
    return { content, mode };
  } catch (cause) {
    throw notCopied(copy.to, copy.path, cause);
  }
}

/** Writes beside the target and moves into place, so that nobody sees a part of a file. */
async function place(
  to: Pack,
  { path, content, mode }: NewFile,
  { overwrite, uid: cloneUid }: { overwrite: boolean; uid: string },
): Promise<string> {
  const target = pathInside(to.path, path);
  if (target === null) throw notCopied(to, path);
  const temporary = `${dirname(target)}/.${randomUUID()}`;
  try {
    await mkdir(dirname(target), { recursive: true });
    if ((await existingPathInside(to.path, posix.dirname(path))) === null) throw notCopied(to, path);
    await writeFile(temporary, content, { flag: 'wx' });
    await chmod(temporary, mode & 0o777);
    await (overwrite ? rename(temporary, target) : link(temporary, target));
    return target;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw taken(cloneUid);
    throw cause instanceof EverstormError ? cause : notCopied(to, path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** StackStorm's text. */
const notCopied = (to: Pack, path: string, cause?: unknown): EverstormError =>
  new EverstormError(
    'PACK_FILES',
    `Unable to copy file to "${to.path}/${path}". Please check the logs or ask your administrator to clone the files manually.`,
    {},
    { cause },
  );
