import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { z } from 'zod';
import { canonicalJson } from '../model/canonical-json';
import { contentHash } from '../model/ids';
import type { Action } from '../model/action';
import { ActionMetadata } from '../model/action';
import type { JsonValue } from '../model/json';
import type { Pack } from '../model/pack';
import { PACK_REF, PackMetadata } from '../model/pack';
import type { Rule } from '../model/rule';
import { RuleMetadata } from '../model/rule';
import type { SensorType } from '../model/sensor';
import { SensorMetadata } from '../model/sensor';
import type { TriggerType } from '../model/trigger';
import { TriggerTypeMetadata } from '../model/trigger';
import type { Place } from './documents';
import { actionDocument, packDocument, ruleDocument, sensorDocument } from './documents';
import { positionProblems } from './positions';
import type { PackProblem } from './problem';
import { problem, zodProblems } from './problem';
import { triggerTypeDocument } from './trigger-documents';
import { parseYaml } from './yaml';

/** A pack as it stands on disk: what is right as definitions in StackStorm's API shape, what is wrong as problems. */
export interface PackContent {
  /** Directory name = the ref under which the pack is looked up. */
  directory: string;
  /** Null when pack.yaml is missing or wrong; nothing else is read then. */
  pack: Pack | null;
  actions: Action[];
  rules: Rule[];
  triggerTypes: TriggerType[];
  sensors: SensorType[];
  problems: PackProblem[];
  /** Changes with any definition. */
  hash: string;
}

export interface ReadPackOptions {
  /** Names of the runners there are; without it runner types are not checked. */
  runnerTypes?: ReadonlySet<string>;
}

const PACK_FILE = 'pack.yaml';
const MAX_FILES = 10_000;
const SKIPPED = new Set(['.git', 'node_modules', '__pycache__', 'virtualenv']);

/**
 * Reads and checks a pack's directory as StackStorm does: only `*.yaml` and `*.yml` directly inside `triggers/`, `sensors/`, `actions/` and
 * `rules/`, in sorted order; a `pack` named in the metadata must be this pack. A bad file gives problems and stops no other file. Never throws
 * for content; a directory that can't be read gives a problem.
 */
export async function readPack(directory: string, options: ReadPackOptions = {}): Promise<PackContent> {
  const root = resolve(directory);
  const problems: PackProblem[] = [];
  const pack = await readPackFile(root, problems);
  const content: PackContent = {
    directory: root,
    pack,
    actions: [],
    rules: [],
    triggerTypes: [],
    sensors: [],
    problems,
    hash: '',
  };
  if (pack !== null) {
    const read = <T extends { pack?: string | null | undefined }>(folder: string, schema: z.ZodType<T>) =>
      readFolder({ root, pack: pack.ref, folder, schema, problems });
    for (const { place, metadata } of await read('triggers', TriggerTypeMetadata)) {
      addOnce(content.triggerTypes, triggerTypeDocument(pack.ref, metadata, place.file), place.file, problems);
    }
    for (const { place, metadata } of await read('sensors', SensorMetadata)) addSensor(content, place, metadata);
    for (const { place, metadata } of await read('actions', ActionMetadata))
      addAction(content, { place, metadata, options });
    for (const { place, metadata } of await read('rules', RuleMetadata)) {
      addOnce(content.rules, ruleDocument(place, metadata), place.file, problems);
    }
  }
  const { actions, rules, triggerTypes, sensors } = content;
  content.hash = contentHash(canonicalJson({ pack, actions, rules, triggerTypes, sensors } as unknown as JsonValue));
  return content;
}

async function readPackFile(root: string, problems: PackProblem[]): Promise<Pack | null> {
  const raw = await readYamlFile(root, PACK_FILE, { problems, textFields: ['version'] });
  if (raw === undefined) return null;
  const parsed = PackMetadata.safeParse(raw);
  if (!parsed.success) {
    problems.push(...zodProblems(PACK_FILE, parsed.error));
    return null;
  }
  // StackStorm: the ref, else the name when it can be one, else the directory's name.
  const candidates = [parsed.data.ref, parsed.data.name, basename(root)];
  const ref = candidates.find((candidate) => candidate !== undefined && PACK_REF.test(candidate));
  if (ref === undefined) {
    problems.push(problem(PACK_FILE, 'ref', 'expected lower-case letters, digits and _ only'));
    return null;
  }
  return packDocument(parsed.data, { ref, directory: root, files: await listFiles(root) });
}

interface FolderRequest<T> {
  root: string;
  pack: string;
  folder: string;
  schema: z.ZodType<T>;
  problems: PackProblem[];
}

async function readFolder<T extends { pack?: string | null | undefined }>(
  request: FolderRequest<T>,
): Promise<{ place: Place; metadata: T }[]> {
  const { root, pack, folder, schema, problems } = request;
  const found: { place: Place; metadata: T }[] = [];
  for (const name of await metadataFiles(join(root, folder))) {
    const file = `${folder}/${name}`;
    const raw = await readYamlFile(root, file, { problems });
    if (raw === undefined) continue;
    const parsed = schema.safeParse(raw);
    if (!parsed.success) problems.push(...zodProblems(file, parsed.error));
    else if (parsed.data.pack != null && parsed.data.pack !== pack) {
      problems.push(problem(file, 'pack', `expected "${pack}", the pack whose directory the file is in`));
    } else found.push({ place: { pack, directory: root, file }, metadata: parsed.data });
  }
  return found;
}

async function metadataFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

async function readYamlFile(
  root: string,
  file: string,
  options: { problems: PackProblem[]; textFields?: readonly string[] },
): Promise<JsonValue | undefined> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(join(root, file)));
  } catch (error) {
    const unreadable =
      typeof (error as { code?: unknown }).code === 'string' && (error as { syscall?: unknown }).syscall !== undefined;
    options.problems.push(problem(file, '', unreadable ? 'expected a readable file' : 'expected UTF-8 text'));
    return undefined;
  }
  const parsed = parseYaml(file, text, options.textFields);
  if (parsed.ok) return parsed.value;
  options.problems.push(...parsed.problems);
  return undefined;
}

function addOnce<T extends { ref: string; metadata_file?: string }>(
  list: T[],
  document: T,
  file: string,
  problems: PackProblem[],
): boolean {
  const earlier = list.find((other) => other.ref === document.ref);
  if (earlier === undefined) list.push(document);
  else
    problems.push(
      problem(
        file,
        'name',
        `expected a name of its own; ${document.ref} is defined in ${earlier.metadata_file ?? '?'}`,
      ),
    );
  return earlier === undefined;
}

function addSensor(content: PackContent, place: Place, metadata: SensorMetadata): void {
  const foreign = metadata.trigger_types.findIndex((type) => type.pack !== undefined && type.pack !== place.pack);
  if (foreign >= 0) {
    content.problems.push(problem(place.file, `trigger_types.${foreign}.pack`, `expected "${place.pack}"`));
    return;
  }
  if (!addOnce(content.sensors, sensorDocument(place, metadata), place.file, content.problems)) return;
  for (const type of metadata.trigger_types) {
    const document = triggerTypeDocument(place.pack, type, place.file);
    // Several sensors of a pack may emit the same type; the first definition stands, as with triggers/*.yaml.
    if (!content.triggerTypes.some((other) => other.ref === document.ref)) content.triggerTypes.push(document);
  }
}

function addAction(
  content: PackContent,
  { place, metadata, options }: { place: Place; metadata: ActionMetadata; options: ReadPackOptions },
): void {
  const wrong = positionProblems(place.file, metadata.parameters ?? {});
  if (options.runnerTypes !== undefined && !options.runnerTypes.has(metadata.runner_type)) {
    wrong.push(problem(place.file, 'runner_type', `expected one of ${[...options.runnerTypes].sort().join(', ')}`));
  }
  content.problems.push(...wrong);
  if (wrong.length === 0) addOnce(content.actions, actionDocument(place, metadata), place.file, content.problems);
}

/** Every file of the pack, relative, sorted; bounded, without version control and caches. */
async function listFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && files.length < MAX_FILES; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path);
      else if (entry.isFile()) files.push(relative(root, path).split(sep).join('/'));
    }
  }
  return files.sort();
}
