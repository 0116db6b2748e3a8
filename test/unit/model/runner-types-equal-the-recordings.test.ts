import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RUNNER_TYPES } from '../../../src/model/runner-types';
import { itWithShared, sharedPath } from '../../helpers/shared';

const FOLDER = 'fixtures/golden/api';
const RECORDINGS = sharedPath(FOLDER);
type Document = Record<string, unknown>;

/** Every runner document inside a recording. */
function runners(value: unknown): Document[] {
  if (Array.isArray(value)) return value.flatMap(runners);
  if (typeof value !== 'object' || value === null) return [];
  const document = value as Document;
  const own = 'runner_module' in document ? [document] : [];
  return [...own, ...Object.values(document).flatMap(runners)];
}

describe('runner types', () => {
  it('are the fifteen of StackStorm, with ids and uids of their own', () => {
    expect(RUNNER_TYPES.size).toBe(15);
    expect(new Set([...RUNNER_TYPES.values()].map(({ type }) => type.id)).size).toBe(15);
  });

  itWithShared(FOLDER)('equal every runner document of the recordings', () => {
    const documents = readdirSync(RECORDINGS)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => runners(JSON.parse(readFileSync(join(RECORDINGS, file), 'utf8'))));
    expect(new Set(documents.map(({ name }) => name)).size).toBe(15);
    for (const { id: _id, enabled: _enabled, ...recorded } of documents) {
      const ours = RUNNER_TYPES.get(String(recorded['name']))?.type as unknown as Document | undefined;
      const same = Object.fromEntries(Object.keys(recorded).map((key) => [key, ours?.[key]]));
      expect(same).toEqual(recorded);
    }
  });
});
