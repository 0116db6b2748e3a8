import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const TRIGGER = 'chaos.event';
/** The longest action takes so long; the supervisor and the time-outs leave none alive much longer. */
const SLOW_SECONDS = 3;

/**
 * What an event asks for, and how many of a hundred events do. `effect`: its action writes `begin` and `end` lines; `repeatable`: its
 * metadata allows to run it again when its worker is lost.
 */
export const KINDS = Object.freeze({
  noop: { share: 40, effect: false },
  once: { share: 40, effect: true, seconds: 0 },
  slow: { share: 10, effect: true, seconds: SLOW_SECONDS },
  again: { share: 10, effect: true, seconds: 1, repeatable: true },
});

/** The kind of the n-th event. */
export function kindOf(n) {
  let place = (n * 37) % 100; // 37 has no divisor in common with 100: all kinds come mixed, in their exact shares
  for (const [kind, { share }] of Object.entries(KINDS)) {
    if (place < share) return kind;
    place -= share;
  }
  throw new Error('the shares must add up to 100');
}

/** JSON is YAML. */
const yaml = (folder, name, document) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.yaml`), `${JSON.stringify(document, null, 2)}\n`);
};

function actionOf(kind, effectsFile) {
  const { effect, seconds, repeatable = false } = KINDS[kind];
  const parameters = { event: { type: 'string', required: true } };
  const common = { name: kind, enabled: true, entry_point: '', retry_on_worker_loss: repeatable };
  if (!effect) return { ...common, runner_type: 'noop', parameters };
  const line = (word) => `echo ${word} {{ event }} $ST2_ACTION_EXECUTION_ID >> ${effectsFile}`;
  const cmd = [line('begin'), ...(seconds > 0 ? [`sleep ${seconds}`] : []), line('end')].join(' && ');
  return {
    ...common,
    runner_type: 'local-shell-cmd',
    parameters: { ...parameters, cmd: { type: 'string', immutable: true, default: cmd } },
  };
}

/** Writes the pack `chaos` into `folder`: a trigger, and for each kind of event an action and a rule. */
export function writePack(folder, effectsFile) {
  const pack = join(folder, 'chaos');
  yaml(pack, 'pack', {
    description: 'What npm run chaos does.',
    ref: 'chaos',
    name: 'chaos',
    version: '1.0.0',
    author: 'Everstorm',
    email: 'chaos@example.org',
  });
  yaml(join(pack, 'triggers'), 'event', {
    name: 'event',
    pack: 'chaos',
    payload_schema: { type: 'object', properties: { event: { type: 'string' }, kind: { type: 'string' } } },
  });
  for (const kind of Object.keys(KINDS)) {
    yaml(join(pack, 'actions'), kind, actionOf(kind, effectsFile));
    yaml(join(pack, 'rules'), kind, {
      name: `on_${kind}`,
      enabled: true,
      trigger: { type: TRIGGER },
      criteria: { 'trigger.kind': { type: 'equals', pattern: kind } },
      action: { ref: `chaos.${kind}`, parameters: { event: '{{ trigger.event }}' } },
    });
  }
}
