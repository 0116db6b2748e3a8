import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { EverstormError, messageOf } from '../src/model/errors';
import type { Sensor } from './api';

/** What the host needs of a sensor; asked by method, because the sensor's bundle has its own copy of the base classes. */
export type LoadedSensor = Pick<Sensor, 'attach' | 'setup' | 'run' | 'cleanup'>;

export interface SensorEntry {
  /** Absolute path of a .ts or .js file. */
  entryPath: string;
  /** Name of the exported class. */
  className: string;
  /** Bundles are kept here under the hash of their content. */
  cacheDirectory: string;
}

const METHODS = ['attach', 'setup', 'run', 'cleanup'] as const;

/**
 * Bundles the entry point with all it imports (`everstorm/sensor` is this version's API), and makes an instance of the class.
 * A changed file gives another bundle; unchanged content is loaded once per process. Throws SENSOR_FAILED with what was expected.
 */
export async function loadSensor(entry: SensorEntry): Promise<LoadedSensor> {
  const bundle = await bundleOf(entry);
  const exported = load(bundle, entry.entryPath);
  const candidate = Object.hasOwn(exported, entry.className) ? exported[entry.className] : undefined;
  if (typeof candidate !== 'function') throw failed(`expected ${entry.entryPath} to export a class ${entry.className}`);
  const sensor = new (candidate as new () => Partial<LoadedSensor>)();
  const missing = METHODS.filter((method) => typeof sensor[method] !== 'function');
  if (missing.length > 0) throw failed(`expected ${entry.className} to be a Sensor; it has no ${missing.join(', ')}`);
  return sensor as LoadedSensor;
}

async function bundleOf(entry: SensorEntry): Promise<string> {
  const code = await transpile(entry.entryPath);
  const file = join(entry.cacheDirectory, `${createHash('sha256').update(code).digest('hex').slice(0, 32)}.cjs`);
  if (await exists(file)) return file;
  await mkdir(entry.cacheDirectory, { recursive: true });
  // Several processes may write the same bundle at once: each writes its own file, the rename is atomic.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, code);
  await rename(draft, file);
  return file;
}

async function transpile(entryPath: string): Promise<string> {
  try {
    const result = await build({
      entryPoints: [entryPath],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'silent',
      alias: { 'everstorm/sensor': require.resolve('./api') },
    });
    return result.outputFiles[0]?.text ?? '';
  } catch (error) {
    throw failed(`expected ${entryPath} to be a readable TypeScript or JavaScript module: ${messageOf(error)}`, error);
  }
}

function load(bundle: string, entryPath: string): Record<string, unknown> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a pack's code is known at run time only
    return require(bundle) as Record<string, unknown>;
  } catch (error) {
    throw failed(`${entryPath} failed while it was loaded: ${messageOf(error)}`, error);
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

const failed = (message: string, cause?: unknown): EverstormError =>
  new EverstormError('SENSOR_FAILED', message, {}, { cause });
