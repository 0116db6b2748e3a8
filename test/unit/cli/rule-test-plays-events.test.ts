import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleTestCommand } from '../../../src/bin/rule-test/command';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'everstorm-rehearsal-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function play(rule: object, events: object[]): Promise<{ fired: boolean; steps: unknown[]; text: string }> {
  const files = { rule: join(folder, 'rule.yaml'), payload: join(folder, 'events.json') };
  const whole = { name: 'r', enabled: true, trigger: { type: 'a.b' }, action: { ref: 'core.noop' }, ...rule };
  writeFileSync(files.rule, JSON.stringify(whole));
  writeFileSync(files.payload, JSON.stringify(events));
  let [json, text] = ['', ''];
  const fired = await ruleTestCommand(files, { json: true }, (line) => (json += line));
  await ruleTestCommand(files, {}, (line) => (text += line));
  return { fired, steps: JSON.parse(json) as unknown[], text };
}
const at = (second: number, payload: object, trigger?: string) => ({
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  payload,
  ...(trigger === undefined ? {} : { trigger }),
});

test('a list of events is played to a rule: a sequence and its answers', async () => {
  const when = { type: 'sequence', within: '10s', key: '{{ trigger.host }}', unless: { trigger: { type: 'a.up' } } };
  const { fired, steps, text } = await play({ when }, [
    at(0, { host: 'web' }),
    at(1, { host: 'db' }),
    at(5, { host: 'web' }, 'a.up'),
  ]);
  expect(fired).toBe(true);
  expect(steps).toMatchObject([
    { event: 1, says: 'remembered', key: 'web' },
    { event: 2, says: 'remembered', key: 'db' },
    { event: 3, says: 'answers', key: 'web' },
    { event: 2, says: 'fires', key: 'db', time: '2026-01-01T00:00:11.000Z' },
  ]);
  expect(text).toContain('2026-01-01T00:00:11.000Z  event 2 fires for "db" (sequence: 1 from 2026-01-01T00:00:01.000Z');
});

test('a guard holds back on the same clock, and criteria that do not match are told', async () => {
  const rule = {
    criteria: { 'trigger.n': { type: 'gt', pattern: 0 } },
    guard: { throttle: { limit: 1, per: '1m' } },
  };
  const { steps } = await play(rule, [at(0, { n: 1 }), at(1, { n: 0 }), at(2, { n: 2 }), at(61, { n: 3 })]);
  expect(steps).toMatchObject([
    { event: 1, says: 'fires' },
    { event: 2, says: 'not-matched' },
    { event: 3, says: 'suppressed', reason: expect.stringMatching(/^throttled/) },
    { event: 4, says: 'fires' },
  ]);
});

test('an event without a time is refused by its number', async () => {
  await expect(play({}, [{ payload: {} }])).rejects.toThrow(/event 1: time: expected an ISO 8601 time/);
});
