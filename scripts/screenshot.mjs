import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { ROOT } from './lib/paths.mjs';
import { SetupError, findOnPath, main } from './lib/run.mjs';

/**
 * `npm run screenshot`: takes docs/images/temporal-execution.png of a platform that runs (`everstorm dev`), after
 * `npm run demo`. Fails unless the page shows the execution decoded, so that the picture in the docs is never of ciphertext.
 */
const BROWSER_ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const WIDTH = 1280;
const TALL = 2_400;
const WAIT_MS = 20_000;
// The page keeps its panels to a few lines and scrolls the rest, which a picture can't.
const WHOLE_PANELS = '.cm-editor { height: auto !important; max-height: none !important; }';
const OPTIONS = {
  ui: { type: 'string', default: 'http://127.0.0.1:8233' },
  namespace: { type: 'string', default: 'default' },
  action: { type: 'string', default: 'demo.diagnose' },
  execution: { type: 'string' },
  out: { type: 'string', default: join(ROOT, 'docs/images/temporal-execution.png') },
};

const json = (payload) => (payload ? JSON.parse(Buffer.from(payload.data, 'base64').toString('utf8')) : undefined);

/** The execution asked for, else the newest that `action` completed: ids, and what only its decoded page can show. */
async function findExecution({ ui, namespace, action, execution }) {
  const wanted = execution
    ? `WorkflowId = "${execution}"`
    : `WorkflowType = "${action}" AND ExecutionStatus = "Completed"`;
  const url = `${ui}/api/v1/namespaces/${namespace}/workflows?query=${encodeURIComponent(wanted)}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS) }).catch(() => undefined);
  if (!answer?.ok)
    throw new SetupError(`no Temporal Web UI answers at ${ui}: start the platform, or name another by --ui`);
  // The server lists the newest first.
  const [found] = (await answer.json()).executions ?? [];
  if (!found) throw new SetupError(`no execution has ${wanted}: run "npm run demo" first`);
  const attributes = found.searchAttributes?.indexedFields ?? {};
  return {
    ...found.execution,
    action: found.type.name,
    rule: json(attributes.RuleRef),
    triggerInstance: json(attributes.TriggerInstanceId),
  };
}

/** Folds what stands in `panel` after `"key": {`, so that the lines a reader wants fit in. */
async function fold(page, panel, key) {
  const line = panel.locator('.cm-line', { hasText: new RegExp(`^ {2}"${key}": \\{`) });
  const [text, gutter] = await Promise.all([line.boundingBox(), panel.locator('.cm-foldGutter').boundingBox()]);
  await page.mouse.click(gutter.x + gutter.width / 2, text.y + text.height / 2);
  await panel
    .locator('.cm-line', { hasText: `"${key}"` })
    .locator('.cm-foldPlaceholder')
    .waitFor();
}

async function openDecoded(page, { ui, namespace }, execution) {
  const { workflowId, runId, action, rule, triggerInstance } = execution;
  await page.goto(`${ui}/namespaces/${namespace}/workflows/${workflowId}/${runId}/history`);
  const panel = (text) => page.locator('.cm-editor').filter({ hasText: text }).first();
  const input = panel(`"executionId": "${workflowId}"`);
  const result = panel('"status": "succeeded"');
  await Promise.all([input, result].map((shown) => shown.locator('.cm-foldGutter').waitFor()));
  for (const key of ['action', 'runner']) await fold(page, input, key);
  await page.addStyleTag({ content: WHOLE_PANELS });
  await page.getByRole('link', { name: action, exact: true }).waitFor();
  for (const value of [rule, triggerInstance].filter(Boolean)) {
    await input
      .locator('.cm-line', { hasText: `"${value}"` })
      .first()
      .waitFor();
  }
}

/** The page down to the end of its timeline: the table of events below says nothing new. */
async function takePicture(page, path) {
  const table = await page.getByText('Event ID', { exact: true }).first().boundingBox();
  mkdirSync(dirname(path), { recursive: true });
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width: WIDTH, height: Math.ceil(table?.y ?? TALL) });
  await page.screenshot({ path, animations: 'disabled' });
}

await main(async () => {
  const { values } = parseArgs({ options: OPTIONS });
  const executablePath = findOnPath('chromium');
  if (!executablePath) throw new SetupError('no chromium on PATH: apt-get install chromium');
  const execution = await findExecution(values);
  const profile = mkdtempSync(join(tmpdir(), 'everstorm-screenshot-'));
  const viewport = { width: WIDTH, height: TALL };
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: BROWSER_ARGS.split(' '),
    viewport,
  });
  try {
    browser.setDefaultTimeout(WAIT_MS);
    const page = browser.pages()[0] ?? (await browser.newPage());
    await openDecoded(page, values, execution);
    await takePicture(page, values.out);
    console.log(`${values.out}: execution ${execution.workflowId}`);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
