import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Action } from '../../../src/model/action';
import type { Rule } from '../../../src/model/rule';
import type { Trigger } from '../../../src/model/trigger';
import { resourceId } from '../../../src/model/ids';
import type { Store } from '../../../src/ports/store';
import { loadRecording } from './golden';

const PACK = (ref: string): string => `ref: ${ref}\nname: ${ref}\ndescription: ${ref}\nversion: 1.0.0\nauthor: test\n`;

/** Metadata of the recorded `examples.isprime`, and a program beside it; comments must survive a clone. */
export const ISPRIME = {
  metadata: `---
name: isprime
pack: examples
runner_type: python-script
description: Check if an integer is prime.  # said by the recording
enabled: true
entry_point: isprime.py
parameters:
  value:
    type: integer
    required: true
`,
  program: 'print("prime")\n',
};

/** A directory of packs: the shipped `core`, and of the packs of the recorded StackStorm what the recordings need. */
export function recordedPacks(): string {
  const directory = mkdtempSync(join(tmpdir(), 'golden-packs-'));
  symlinkSync(resolve(__dirname, '../../../packs/core'), join(directory, 'core'));
  for (const pack of ['bench', 'examples']) {
    mkdirSync(join(directory, pack, 'actions'), { recursive: true });
    writeFileSync(join(directory, pack, 'pack.yaml'), PACK(pack));
  }
  writeFileSync(join(directory, 'examples/actions/isprime.yaml'), ISPRIME.metadata);
  writeFileSync(join(directory, 'examples/actions/isprime.py'), ISPRIME.program);
  mkdirSync(join(directory, 'hello_st2'));
  writeFileSync(join(directory, 'hello_st2/pack.yaml'), loadRecording(227).body as string);
  return directory;
}

/** Definitions of the recorded StackStorm that lists show, taken from those lists. */
export async function seedRecordedDefinitions({ definitions }: Pick<Store, 'definitions'>): Promise<void> {
  const [first, second] = loadRecording(6).body as Action[];
  const later = loadRecording(8).body as Action[];
  // Offset 3 is after one that no recording shows.
  const between = { ...first, id: resourceId('between'), uid: 'action:bench:chain_h', ref: 'bench.chain_h' } as Action;
  const actions = [first as Action, second as Action, between, ...later.map((row) => ({ ...row, parameters: {} }))];
  const renamed = loadRecording(302).body as Action;
  actions.push({ ...renamed, uid: 'action:bench:golden_mm', ref: 'bench.golden_mm', name: 'golden_mm' });
  for (const action of actions) await definitions.put('action', action, 'api');

  const [own, chatops] = loadRecording(138).body as [Rule, Rule];
  const others = (loadRecording(141).body as { name: string; ref: string; id: string }[]).slice(1);
  const rules = others.map(({ id, name, ref }) => ({ ...own, id, name, ref, pack: 'examples', uid: `rule:${ref}` }));
  for (const rule of [chatops, ...rules]) await definitions.put('rule', rule, 'api');

  const foreign = (trigger: Trigger): boolean => !trigger.ref.startsWith('core.st2.');
  const triggers = (loadRecording(177).body as Trigger[]).filter(foreign);
  // Two are made by the recorded requests themselves.
  const made = triggers.filter(({ ref, parameters }) => ref !== 'bench.golden_t2' && parameters['url'] !== 'golden');
  for (const trigger of made) await definitions.put('trigger', trigger, 'pack');
}
