import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { eventually, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { executionsOf, get, post } from './api';
import type { Execution } from './api';

const SCRIPTS = resolve(__dirname, '../../../scripts');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const PAGE_MS = 30_000;
const PAYLOAD = { host: 'db-7.example', severity: 'critical', summary: 'Replication lag above 60 s' };
const run = promisify(execFile);

const browserPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((file) => existsSync(file));
if (!browserPath) process.stderr.write("skipped: no chromium on PATH to open Temporal's Web UI with\n");
const itWithBrowser = browserPath ? it : it.skip;

/** Path of the program that dev starts its Temporal with. */
async function temporalCli(): Promise<string> {
  const look = `import(${JSON.stringify(join(SCRIPTS, 'lib/temporal.mjs'))})
    .then(({ ensureTemporalCli }) => ensureTemporalCli({ log: () => undefined }))
    .then((path) => console.log(path))`;
  return (await run(process.execPath, ['--eval', look])).stdout.trim();
}

describe("people who look at an execution with Temporal's own tools", () => {
  let platform: DevPlatform;
  let execution: Execution;
  let ui: string;
  let browser: Browser | undefined;
  beforeAll(async () => {
    platform = await newDevPlatform({}, { ownTemporal: true });
    await platform.start();
    const body = JSON.stringify({ trigger: 'demo.alert', payload: PAYLOAD });
    expect(await post(platform.apiUrl, '/webhooks/st2', { body })).toMatchObject({ status: 202 });
    let found: Execution | undefined;
    await eventually('the event led to an execution', async () => {
      [found] = await executionsOf(platform.apiUrl, 'demo.diagnose');
      return found?.status === 'succeeded';
    });
    execution = await get<Execution>(platform.apiUrl, `/executions/${found?.id}`);
    ui = `http://127.0.0.1:${platform.services().temporal?.uiPort}`;
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    await platform.stop();
    await platform.dispose();
  }, 60_000);

  /** What each of the two needs to see, of an execution that a rule started. */
  const readable = (): string[] => {
    const shown = [execution.rule?.ref, execution.trigger_instance?.id, execution.id, PAYLOAD.host, PAYLOAD.summary];
    expect(shown.every((text) => typeof text === 'string' && text !== '')).toBe(true);
    expect(execution.rule?.ref).toBe('demo.alert');
    return shown as string[];
  };

  const openPage = async (path: string): Promise<Page> => {
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    // High enough for the editors that show input and result to draw all their lines.
    const page = await browser.newPage({ viewport: { width: 1280, height: 4_000 } });
    page.setDefaultTimeout(PAGE_MS);
    await page.goto(`${ui}${path}`);
    await page.addStyleTag({ content: '.cm-editor { height: auto !important; max-height: none !important; }' });
    return page;
  };

  itWithBrowser(
    'see action, input, result, rule and trigger instance in the Web UI',
    async () => {
      const page = await openPage(`/namespaces/${platform.namespace}/workflows/${execution.id}`);
      await page.getByRole('link', { name: 'demo.diagnose', exact: true }).waitFor();
      const input = page.locator('.cm-editor').filter({ hasText: `"executionId": "${execution.id}"` });
      const result = page.locator('.cm-editor').filter({ hasText: '"status": "succeeded"' });
      await Promise.all([input, result].map((panel) => panel.first().waitFor()));
      const inputText = await input.first().innerText();
      for (const text of readable()) expect(inputText).toContain(text);
      expect(await result.first().innerText()).toContain('looked_at');
      expect(await page.locator('body').innerText()).not.toContain('binary/encrypted');
    },
    80_000,
  );

  itWithBrowser(
    'get the picture for the docs, which is refused of a page that shows less',
    async () => {
      const picture = join(platform.home, 'page.png');
      const args = ['--ui', ui, '--namespace', platform.namespace, '--execution', execution.id, '--out', picture];
      await run(process.execPath, [join(SCRIPTS, 'screenshot.mjs'), ...args], { timeout: 60_000 });
      expect(readFileSync(picture).subarray(0, PNG.length)).toEqual(PNG);
    },
    80_000,
  );

  it('read the same with `temporal workflow show` and `describe`, if these ask the codec endpoint', async () => {
    const cli = await temporalCli();
    const address = `127.0.0.1:${platform.services().temporal?.port}`;
    const ask = async (command: string, ...more: string[]): Promise<string> => {
      const where = ['--address', address, '--namespace', platform.namespace, '--workflow-id', execution.id];
      const { stdout } = await run(cli, ['workflow', command, ...where, ...more], { timeout: 20_000 });
      return stdout;
    };
    const codec = ['--codec-endpoint', `${platform.apiUrl}/codec`];
    const history = await ask('show', '--detailed', ...codec);
    for (const text of ['demo.diagnose', 'looked_at', ...readable()]) expect(history).toContain(text);
    const description = await ask('describe', ...codec);
    for (const text of ['demo.diagnose', 'looked_at', 'demo.alert']) expect(description).toContain(text);
    expect(description).toContain(execution.trigger_instance?.id);
    // Else all of this would show nothing of the codec.
    expect(await ask('show', '--detailed')).not.toContain(PAYLOAD.host);
  }, 60_000);
});
