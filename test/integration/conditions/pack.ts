import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pack of the tests of rules that remember. */
export const PACK = 'memory';

/** Writes a pack with one trigger for each name, and rules given as documents; returns the folder to name in EVERSTORM_PACK_PATHS. */
export function writePack(
  folder: string,
  triggers: readonly string[],
  rules: readonly Record<string, unknown>[],
): string {
  const pack = join(folder, 'packs', PACK);
  for (const kind of ['triggers', 'rules']) mkdirSync(join(pack, kind), { recursive: true });
  const write = (file: string, content: unknown): void => writeFileSync(join(pack, file), JSON.stringify(content));
  write('pack.yaml', {
    ref: PACK,
    name: PACK,
    description: 'for tests',
    version: '1.0.0',
    author: 'tests',
    email: 'a@example.org',
  });
  for (const name of triggers)
    write(`triggers/${name}.yaml`, { name, description: name, payload_schema: { type: 'object' } });
  for (const rule of rules)
    write(`rules/${String(rule['name'])}.yaml`, {
      pack: PACK,
      enabled: true,
      action: { ref: 'core.noop' },
      ...rule,
    });
  return join(folder, 'packs');
}

export const triggerOf = (name: string): { type: string } => ({ type: `${PACK}.${name}` });
