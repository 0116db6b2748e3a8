import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createActionRunners } from '../../activities/runners/registry';
import { inheritable } from '../../activities/runners/shell/environment';
import { createSupervisor } from '../../activities/supervisor/client';
import type { Supervisor } from '../../activities/supervisor/client';
import type { JsonObject, JsonValue } from '../../src/model/json';
import { isJsonObject } from '../../src/model/json';
import type { ParameterSchemas } from '../../src/model/parameter-schema';
import { RUNNER_TYPES } from '../../src/model/runner-types';
import { runInput } from '../helpers/run-input';
import { describeWithShared, sharedPath } from '../helpers/shared';
import { compileSupervisor } from '../helpers/supervisor-script';
import { startStandIn } from './stand-in-server';
import type { StandIn } from './stand-in-server';

/** StackStorm's recorded results of the runners we have, against those runners, without a platform around them. */
const FOLDER = 'fixtures/golden/runners';
const RECORDINGS = sharedPath(FOLDER);
const RECORDED_SERVER = '127.0.0.1:29555';

interface Recording {
  action: string;
  runner: string;
  post_status: number;
  status: string;
  result: JsonValue;
  parameters: JsonObject;
  liveaction_parameters: JsonObject;
}

/** Refused at the door, so no runner sees them: proved where parameters are validated. */
const REFUSED_BEFORE = ['http-request-bad-method', 'local-shell-cmd-null-param'];
const OURS = /^(local-shell-|http-request-|noop-|secret-)/;

/** The action behind bench.script_ok, reconstructed: what is positional, and the default that shows in local-shell-script-ok. */
const SCRIPT_OK: ParameterSchemas = {
  first: { type: 'string', default: 'one', position: 0 },
  second: { type: 'string', position: 1 },
  flag: { type: 'boolean' },
  opt: { type: 'string' },
  arr: { type: 'array' },
  obj: { type: 'object' },
};

/** Lines of `env` that name the machine StackStorm ran on, or that are not set yet (the token). */
const MACHINE_LINES = /^(HOME|ST2_ACTION_API_URL|ST2_ACTION_AUTH_TOKEN|ST2_ACTION_EXECUTION_ID|ST2_CONFIG_\w+)=/;
/** Headers of the stand-in server or of the connection, not of the runner. */
const CONNECTION_HEADERS = new Set([
  'Server',
  'Date',
  'Content-Length',
  'Connection',
  'Keep-Alive',
  'Host',
  'Transfer-Encoding',
]);

const NORMALISE: Record<string, (value: JsonValue) => JsonValue> = {
  // Node has no zstd, so the runner offers less.
  'Accept-Encoding': () => '<encodings>',
  // Texts of Python libraries, with addresses of Python objects.
  error: (value) =>
    /Max retries|timed out|HEADERS_TIMEOUT|Headers Timeout|ECONNREFUSED/i.test(String(value)) ? '<network>' : value,
  traceback: () => '<traceback>',
  stdout: (value) =>
    typeof value === 'string'
      ? value
          .split('\n')
          .filter((line) => !MACHINE_LINES.test(line))
          .map((line) => (line === userInfo().username || line === 'stanley' ? '<user>' : line))
          .join('\n')
      : value,
};

function comparable(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !CONNECTION_HEADERS.has(key))
      .map(([key, item]) => [key, comparable(NORMALISE[key]?.(item) ?? item)]),
  );
}

const replaceAll = (value: JsonValue, from: string, to: string): JsonValue =>
  JSON.parse(JSON.stringify(value).replaceAll(from, to)) as JsonValue;

function inputOf(recording: Recording, parameters: JsonObject) {
  const isRunners = (name: string) => RUNNER_TYPES.get(recording.runner)?.type.runner_parameters[name] !== undefined;
  const split = (own: boolean) =>
    Object.fromEntries(Object.entries(parameters).filter(([name]) => isRunners(name) === own));
  const script = recording.action === 'bench.script_ok';
  // bench.gsecret prints the secret that it is given; its parameters are masked in the recording.
  const runner =
    recording.action === 'bench.gsecret' ? { cmd: `echo ${String(recording.parameters['pw'])}` } : split(true);
  const defaults: JsonObject = script ? { first: 'one' } : recording.runner === 'http-request' ? { method: 'GET' } : {};
  return runInput(runner, {
    runner: recording.runner,
    ref: recording.action,
    actionParameters: { ...defaults, ...split(false) },
    ...(script
      ? { schemas: SCRIPT_OK, entryPoint: 'script_ok.sh', packPath: join(__dirname, '../fixtures/packs/bench') }
      : {}),
  });
}

const names = existsSync(RECORDINGS)
  ? readdirSync(RECORDINGS)
      .filter((file) => OURS.test(file))
      .map((file) => file.replace(/\.json$/, ''))
      .filter((name) => !REFUSED_BEFORE.includes(name))
  : [];

describeWithShared(FOLDER)("StackStorm's recorded runner results", () => {
  let server: StandIn;
  let supervisor: Supervisor;
  beforeAll(async () => {
    server = await startStandIn();
    supervisor = createSupervisor({ script: compileSupervisor() });
  });
  afterAll(async () => {
    await supervisor.close();
    await server.close();
  });

  it('are all there', () => expect(names.length).toBeGreaterThanOrEqual(34));

  it.each(names.length > 0 ? names : ['none'])('%s', async (name) => {
    const recording = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8')) as Recording;
    const recorded = { ...recording.liveaction_parameters };
    if (recorded['password'] === '********') recorded['password'] = recording.parameters['password'] ?? null;
    const parameters = replaceAll(recorded, RECORDED_SERVER, server.address) as JsonObject;
    const runners = createActionRunners({
      supervisor,
      apiUrl: 'http://127.0.0.1:1/api',
      baseEnv: inheritable(process.env),
    });
    const outcome = await runners.run(inputOf(recording, parameters), {
      signal: new AbortController().signal,
    });
    const ours = replaceAll(outcome.result, server.address, RECORDED_SERVER);
    expect({ status: outcome.status, result: comparable(ours) }).toEqual({
      status: recording.status,
      result: comparable(recording.result),
    });
  });
});
