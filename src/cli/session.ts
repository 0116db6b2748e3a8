import { parseCliConfig } from '../config/cli';
import type { Command } from 'commander';
import { isJsonObject } from '../model/json';
import type { JsonObject, JsonValue } from '../model/json';
import { messageOf } from '../model/errors';
import type { ApiClient } from './client';
import { createApiClient } from './client';
import type { CliIo } from './io';
import { CliError, EXIT } from './io';
import type { Column } from './table';
import { formatDocument, formatTable } from './table';

export interface GlobalOptions {
  url?: string;
  json?: boolean;
}

/** What a command works with: the API, and output in the asked-for form. */
export interface Session {
  api: ApiClient;
  json: boolean;
  line(text: string): void;
  table(rows: JsonValue, columns: readonly Column[]): void;
  document(value: JsonValue, fields: readonly string[]): void;
}

/** Session of the command that runs; `--url` and `--json` may stand before or after it. */
export function openSession(command: Command, io: CliIo, answerWithinMs?: number): Session {
  const options = command.optsWithGlobals<GlobalOptions>();
  const json = options.json === true;
  const asJson = (value: JsonValue): void => io.stdout(`${JSON.stringify(value, null, 2)}\n`);
  return {
    api: createApiClient(urlOf(io, options.url), answerWithinMs),
    json,
    line: (text) => io.stdout(`${text}\n`),
    table: (rows, columns) => {
      if (json) asJson(rows);
      else io.stdout(formatTable(Array.isArray(rows) ? rows : [], columns));
    },
    document: (value, fields) => {
      if (json || !isJsonObject(value)) asJson(value);
      else io.stdout(formatDocument(value, fields));
    },
  };
}

function urlOf(io: CliIo, option: string | undefined): string {
  try {
    return parseCliConfig(io.env, option).url;
  } catch (error) {
    throw new CliError(messageOf(error), EXIT.usage);
  }
}

/** The document, or an error: the server answered something else than an object. */
export function expectObject(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  throw new CliError('the server answered something that is no object', EXIT.failed);
}
