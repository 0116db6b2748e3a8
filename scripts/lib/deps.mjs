import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { findOnPath, progress, run, SetupError, tail } from './run.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Whether what npm says it installed (its hidden lockfile) is what package-lock.json asks for. */
function installedMatches(root) {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = readJson(hidden).packages ?? {};
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    // Optional packages are those of other systems: npm leaves them out.
    ([path, wanted]) =>
      path === '' || wanted.optional || (installed[path]?.version === wanted.version && existsSync(join(root, path))),
  );
}

const FLAGS = ['--include=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/**
 * `npm ci`; where it refuses the lockfile because optional packages of other systems are not in it (as a lockfile is that
 * was made behind a registry that lacks them), `npm install`, which installs the same versions and writes nothing back.
 */
async function installLocked(root, log) {
  const clean = await run('npm', ['ci', ...FLAGS], { cwd: root });
  if (clean.code === 0 || !clean.output.includes('EUSAGE')) return clean;
  log('dependencies: npm ci does not take the lockfile on this system; npm install --no-save …');
  return run('npm', ['install', '--no-save', ...FLAGS], { cwd: root });
}

/**
 * Makes node_modules equal package-lock.json: nothing when its stamp (hash of the lockfile) says so, else `npm ci`.
 * Throws SetupError with npm's last lines.
 */
export async function ensureDependencies({ log, root = ROOT }) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules/.everstorm-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!installedMatches(root)) {
    if (!findOnPath('npm')) throw new SetupError('npm is not on PATH. Install Node.js 20.19 or newer with npm.');
    log('dependencies: npm ci …');
    const done = progress(log, 'dependencies: installing');
    const { code, output } = await installLocked(root, log);
    const seconds = done();
    if (code !== 0) {
      throw new SetupError(`npm failed (exit ${code}); is the package registry reachable?\n${tail(output)}`);
    }
    if (!installedMatches(root)) throw new SetupError('npm installed other packages than package-lock.json names.');
    log(`dependencies: ready after ${seconds} s`);
  }
  writeFileSync(stamp, wanted);
}
