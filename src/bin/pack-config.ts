import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { EverstormError, messageOf } from '../model/errors';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';

/** Reads `<directory>/<pack>.yaml`, StackStorm's place for a pack's configuration; a pack without a file has none. Throws CONFIGURATION. */
export function packConfigReader(directory: string): (pack: string) => JsonObject {
  return (pack) => {
    const file = join(directory, `${pack}.yaml`);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new EverstormError('CONFIGURATION', `${file} cannot be read: ${messageOf(error)}`);
    }
    const values = parse(text) as JsonValue | undefined;
    if (values === null || values === undefined) return {};
    if (!isJsonObject(values))
      throw new EverstormError('CONFIGURATION', `${file}: expected a mapping of names to values`);
    return values;
  };
}
