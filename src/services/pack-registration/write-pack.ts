import type { Definitions, DefinitionKind, DefinitionKinds } from '../../ports/store';
import type { PackContent } from '../../packs/read-pack';
import type { PackProblem } from '../../packs/problem';
import { problem } from '../../packs/problem';
import { takesParameters, triggerDocument } from '../../packs/trigger-documents';
import type { Rule } from '../../model/rule';
import type { TriggerType } from '../../model/trigger';
import type { EverstormError } from '../../model/errors';
import { errorCode, messageOf } from '../../model/errors';
import { checkRuleTriggers, ensureRuleTriggers, releaseRuleTriggers } from '../rule-triggers';
import type { RegisteredKind, RegistrationCounts } from './register-types';

export interface WriteOptions {
  definitions: Definitions;
  counts: RegistrationCounts;
  /** Throws INVALID_DEFINITION or UNKNOWN_OPERATOR for criteria or mapping that can't be compiled. */
  validateRule?: ((rule: Rule) => void) | undefined;
}

const PACK = 'pack';

/** Writes one kind of what a pack holds; unchanged content changes nothing. Returns problems that only show against the other definitions. */
export async function writeKind(
  kind: RegisteredKind,
  content: PackContent,
  options: WriteOptions,
): Promise<PackProblem[]> {
  const { definitions, counts } = options;
  switch (kind) {
    case 'triggers':
      await writeTriggerTypes(definitions, content.triggerTypes);
      counts.triggers += content.triggerTypes.length;
      return [];
    case 'sensors':
      await putAll(definitions, 'sensor_type', content.sensors);
      counts.sensors += content.sensors.length;
      return [];
    case 'actions':
      await putAll(definitions, 'action', content.actions);
      counts.actions += content.actions.length;
      return [];
    case 'rules':
      return writeRules(content.rules, options);
  }
}

/** Trigger types, and for each that takes no parameters its trigger. */
export async function writeTriggerTypes(definitions: Definitions, types: readonly TriggerType[]): Promise<void> {
  await putAll(definitions, 'trigger_type', types);
  const own = types.filter((type) => !takesParameters(type)).map((type) => triggerDocument(type.ref, {}));
  await putAll(
    definitions,
    'trigger',
    own.filter((trigger) => trigger !== null),
  );
}

async function putAll<K extends DefinitionKind>(
  definitions: Definitions,
  kind: K,
  documents: readonly DefinitionKinds[K][],
): Promise<void> {
  for (const document of documents) await definitions.put(kind, document, PACK);
}

async function writeRules(rules: readonly Rule[], options: WriteOptions): Promise<PackProblem[]> {
  const { definitions, counts, validateRule } = options;
  const problems: PackProblem[] = [];
  for (const rule of rules) {
    try {
      await checkRuleTriggers(definitions, rule);
      validateRule?.(rule);
    } catch (error) {
      if (errorCode(error) === null || errorCode(error) === 'UNAVAILABLE') throw error;
      problems.push(problem(rule.metadata_file, (error as EverstormError).details.field ?? '', messageOf(error)));
      continue;
    }
    const before = await definitions.get('rule', rule.ref);
    // The trigger first: a rule must never listen to one that does not exist.
    await ensureRuleTriggers(definitions, rule);
    await definitions.put('rule', rule, PACK);
    if (before !== null) await releaseRuleTriggers(definitions, before, rule);
    counts.rules += 1;
  }
  return problems;
}

const KIND_OF = {
  triggers: 'trigger_type',
  sensors: 'sensor_type',
  actions: 'action',
  rules: 'rule',
} as const satisfies Record<RegisteredKind, DefinitionKind>;

/** Removes what vanished from disk; what stands in a file that is broken now stays as it was. */
export async function removeVanished(
  definitions: Definitions,
  content: PackContent,
  kinds: ReadonlySet<RegisteredKind>,
): Promise<void> {
  const pack = content.pack?.ref ?? '';
  const present: Record<RegisteredKind, readonly { ref: string }[]> = {
    triggers: content.triggerTypes,
    sensors: content.sensors,
    actions: content.actions,
    rules: content.rules,
  };
  const broken = new Set(content.problems.map(({ file }) => file));
  // Users before what they use: rules, then actions, sensors and triggers.
  for (const kind of (['rules', 'actions', 'sensors', 'triggers'] as const).filter((each) => kinds.has(each))) {
    const keep = new Set(present[kind].map(({ ref }) => ref));
    for (const ref of await definitions.refs(KIND_OF[kind], pack, PACK)) {
      if (!keep.has(ref)) await removeUnlessBroken(definitions, { kind, ref, broken });
    }
  }
}

async function removeUnlessBroken(
  definitions: Definitions,
  { kind, ref, broken }: { kind: RegisteredKind; ref: string; broken: ReadonlySet<string> },
): Promise<void> {
  const document = await definitions.get(KIND_OF[kind], ref);
  // Without a metadata file it is built in (core's trigger types), and never vanishes from disk.
  if (document?.metadata_file === undefined || broken.has(document.metadata_file)) return;
  await definitions.remove(KIND_OF[kind], ref);
  if (kind === 'rules') await releaseRuleTriggers(definitions, document as Rule);
  if (kind === 'triggers') await definitions.remove('trigger', ref);
}

/** Removes everything that a pack without a directory had registered. */
export async function removePack(definitions: Definitions, pack: string): Promise<void> {
  for (const kind of ['rule', 'action', 'sensor_type', 'trigger_type'] as const) {
    for (const ref of await definitions.refs(kind, pack, PACK)) {
      const rule = kind === 'rule' ? await definitions.get('rule', ref) : null;
      await definitions.remove(kind, ref);
      if (rule !== null) await releaseRuleTriggers(definitions, rule);
      if (kind === 'trigger_type') await definitions.remove('trigger', ref);
    }
  }
  await definitions.remove('pack', pack);
}
