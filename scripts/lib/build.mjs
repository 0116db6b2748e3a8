import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { progress, run, SetupError, tail } from './run.mjs';

/** Folders that become dist/<folder>, in the same shape, so that relative imports go on working. */
const FOLDERS = ['src', 'workflows', 'activities', 'sensors', 'bench'];
/** What the workflow bundle is made of (workflows/ may import nothing else of ours). */
const BUNDLED = [
  'workflows',
  'src/model',
  'src/expressions',
  'src/orquesta',
  'activities/contract.ts',
  'src/adapters/temporal/failure-converter.ts',
];
/** Files beside the sources that are no part of the program. */
const LEFT_OUT = new Set(['.md', '.tsbuildinfo']);

function filesUnder(path) {
  if (!existsSync(join(ROOT, path))) return [];
  if (extname(path) !== '') return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !LEFT_OUT.has(extname(entry.name)) && entry.name !== 'tsconfig.json')
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
}

async function transpile(files, dist) {
  const { build } = await import('esbuild');
  const next = join(dist, `.next-${process.pid}`);
  try {
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
    await build({
      absWorkingDir: ROOT,
      entryPoints: sources,
      outdir: next,
      outbase: ROOT,
      bundle: false,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      sourcemap: 'linked',
      logLevel: 'error',
    });
    for (const file of files.filter((name) => !name.endsWith('.ts'))) {
      mkdirSync(dirname(join(next, file)), { recursive: true });
      cpSync(join(ROOT, file), join(next, file));
    }
    const program = join(next, 'src/bin/everstorm.js');
    if (existsSync(program)) chmodSync(program, 0o755); // package.json's `bin`
    // The old folder makes room in one step: a platform that runs from it misses a file for an instant only.
    const old = join(dist, `.old-${process.pid}`);
    for (const folder of FOLDERS) {
      const current = join(dist, folder);
      if (existsSync(current)) {
        mkdirSync(old, { recursive: true });
        renameSync(current, join(old, folder));
      }
      if (existsSync(join(next, folder))) renameSync(join(next, folder), current);
    }
    rmSync(old, { recursive: true, force: true });
    return sources.length;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

async function bundle(log, dist) {
  const done = progress(log, 'build: bundling the workflows');
  const out = join(dist, 'workflow-bundle.js');
  // A process of its own: webpack and swc take a few hundred megabytes that nobody needs afterwards.
  const { code, output } = await run(process.execPath, [join(ROOT, 'scripts/lib/bundle-workflows.mjs'), out], {
    cwd: ROOT,
    timeoutMs: 300_000,
  });
  const seconds = done();
  if (code !== 0) throw new SetupError(`The workflows can't be bundled:\n${tail(output, 60)}`);
  log(`build: dist/workflow-bundle.js (${seconds} s)`);
}

function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {}; // none yet, or a broken one: build
  }
}

async function buildLocked(log, dist) {
  const stampFile = join(dist, '.stamp');
  const stamp = readStamp(stampFile);
  const save = () => writeFileSync(stampFile, JSON.stringify(stamp));
  const tools = ['package-lock.json', 'scripts/lib/build.mjs', 'scripts/lib/bundle-workflows.mjs'];

  const files = FOLDERS.flatMap(filesUnder);
  const sourceHash = hashOf([...files, ...tools]);
  if (stamp.source !== sourceHash || !existsSync(join(dist, 'src'))) {
    delete stamp.source;
    save();
    const count = await transpile(files, dist);
    stamp.source = sourceHash;
    save();
    log(`build: ${count} files → dist/`);
  }
  if (!existsSync(join(ROOT, 'workflows/index.ts'))) {
    log('build: no workflows/index.ts yet, so no workflow bundle');
    return;
  }
  const bundleHash = hashOf([...BUNDLED.flatMap(filesUnder), ...tools]);
  if (stamp.bundle !== bundleHash || !existsSync(join(dist, 'workflow-bundle.js'))) {
    await bundle(log, dist);
    stamp.bundle = bundleHash;
    save();
  }
}

/**
 * Makes dist/: the sources as CommonJS with source maps, and dist/workflow-bundle.js. Each half is skipped when the hash
 * over its inputs is the one in dist/.stamp. Builds of several processes wait for each other. Throws SetupError.
 */
export async function buildAll({ log }) {
  const dist = join(ROOT, 'dist');
  mkdirSync(dist, { recursive: true });
  await withLock(join(dist, '.lock'), () => buildLocked(log, dist));
}
