import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '../../config/environment';
import { parsePlatformConfig } from '../../config/platform-config';
import { EverstormError } from '../../model/errors';
import { devPaths } from '../dev/paths';
import { serviceNotes } from '../dev/service-state';
import { PROJECT_ROOT, SYSTEM_PACKS_PATH } from '../project-root';
import { DEMO_CHAT_PORT, startChatEndpoint } from './chat-endpoint';
import { createSender, planInputs } from './inputs';
import { ensurePlatform } from './ensure-platform';
import { createTracer, tally } from './trail';
import type { Tally, Trail } from './trail';

interface Io {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

const FOLLOW_MS = 120_000;
/** The API's clock and ours may differ a little. */
const CLOCK_SKEW_MS = 5_000;

/** Sends the inputs and follows each to its result. Throws when anything was lost or done twice. */
export async function demo({ perKind, json }: { perKind: number; json: boolean }, io: Io): Promise<void> {
  if (!Number.isInteger(perKind) || perKind < 1) {
    throw new EverstormError('INVALID_REQUEST', '--events: expected a whole number of at least 1');
  }
  const environment = { EVERSTORM_HOME: join(PROJECT_ROOT, '.everstorm'), ...processEnvironment() };
  const config = parsePlatformConfig(environment, SYSTEM_PACKS_PATH);
  const paths = devPaths(config.home);
  const say = (line: string): void => (json ? io.stderr : io.stdout)(`${line}\n`);
  const chat = await startChatEndpoint(DEMO_CHAT_PORT);
  const platform = await ensurePlatform(config.api.url, say);
  try {
    const notes = serviceNotes(paths.notes).read();
    const brokers = config.kafka.brokers ?? notes.api?.kafkaBrokers;
    if (!brokers)
      throw new EverstormError('CONFIGURATION', 'EVERSTORM_KAFKA_BROKERS: expected host:port of the running platform');
    const sender = await createSender({
      apiUrl: config.api.url,
      brokers,
      eventsTopic: `${config.kafka.topicPrefix}.events`,
      checksFile: paths.demoChecks,
    });
    const since = new Date(Date.now() - CLOCK_SKEW_MS).toISOString();
    const inputs = planInputs(Date.now().toString(36), perKind);
    for (const input of inputs) await sender.send(input);
    await sender.close();
    const trails = await createTracer(config.api.url, since).follow(inputs, FOLLOW_MS);
    const ui = config.temporal.uiUrl ?? (notes.temporal ? `http://127.0.0.1:${notes.temporal.uiPort}` : '');
    for (const trail of trails) say(describe(trail, ui, config.temporal.namespace));
    say(`reports: ${paths.demoReport} (and ${chat.messages().length} chat messages)`);
    finish(tally(trails, readReport(paths.demoReport)), json, io);
  } finally {
    await platform.stop();
    await chat.close();
  }
}

function finish(result: Tally, json: boolean, io: Io): void {
  const { lost, duplicates, ...counts } = result;
  if (json) io.stdout(`${JSON.stringify({ ...counts, lost, duplicates })}\n`);
  else
    io.stdout(
      `${Object.entries(result)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}\n`,
    );
  if (lost > 0 || duplicates > 0) throw new EverstormError('INTERNAL', `${lost} lost, ${duplicates} done twice`);
}

function readReport(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** One line per input: event → rule → execution → result, with a link to the Web UI. */
function describe({ input, instanceIds, executions }: Trail, ui: string, namespace: string): string {
  const ways = executions.map(({ id, status, result }) => {
    const stdout = (result as { stdout?: { load?: string; disk?: string } } | null)?.stdout;
    const findings = stdout?.disk ? ` (disk ${stdout.disk}; load ${stdout.load})` : '';
    return `${id} ${status}${findings}${ui && ` ${ui}/namespaces/${namespace}/workflows/${id}`}`;
  });
  return `${input.kind}: instance ${instanceIds.join(' ') || 'none'} → ${input.ruleRef} → ${ways.join(' ') || 'no execution'}`;
}
