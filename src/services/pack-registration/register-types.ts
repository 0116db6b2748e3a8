import { EverstormError } from '../../model/errors';

/** What POST /packs/register accepts, in StackStorm's order and spelling (it is quoted in the error). */
export const REGISTER_TYPES = [
  'all', 'runner', 'action', 'actions', 'trigger', 'triggers', 'sensor', 'sensors', 'rule', 'rules', 'rule_type', 'rule_types',
  'alias', 'aliases', 'policy_type', 'policy_types', 'policy', 'policies', 'config', 'configs',
] as const; // prettier-ignore
type RegisterType = (typeof REGISTER_TYPES)[number];

/** Kinds that packs give, in StackStorm's order of registration: a kind may need those before it. */
export const REGISTERED_KINDS = ['triggers', 'sensors', 'actions', 'rules'] as const;
export type RegisteredKind = (typeof REGISTERED_KINDS)[number];

/** StackStorm: sensors bring trigger types, and rules need them. */
const KINDS_OF: Partial<Record<RegisterType, readonly RegisteredKind[]>> = {
  all: REGISTERED_KINDS,
  trigger: ['triggers'],
  triggers: ['triggers'],
  sensor: ['triggers', 'sensors'],
  sensors: ['triggers', 'sensors'],
  action: ['actions'],
  actions: ['actions'],
  rule: ['rules'],
  rules: ['rules'],
};

/** Answer of POST /packs/register: how many of each were registered. */
export interface RegistrationCounts {
  actions: number;
  rules: number;
  sensors: number;
  triggers: number;
  aliases: number;
  policies: number;
  configs: number;
  runners: number;
  rule_types: number;
  policy_types: number;
}

export const noCounts = (): RegistrationCounts => ({
  actions: 0,
  rules: 0,
  sensors: 0,
  triggers: 0,
  aliases: 0,
  policies: 0,
  configs: 0,
  runners: 0,
  rule_types: 0,
  policy_types: 0,
});

const isRegisterType = (text: string): text is RegisterType => (REGISTER_TYPES as readonly string[]).includes(text);

/** The kinds behind the types of a request; none given = all. Throws INVALID_REQUEST with StackStorm's text. */
export function kindsOf(types: readonly string[] | undefined): ReadonlySet<RegisteredKind> {
  if (types === undefined || types.length === 0) return new Set(REGISTERED_KINDS);
  const kinds = new Set<RegisteredKind>();
  for (const type of types) {
    if (!isRegisterType(type)) {
      const known = REGISTER_TYPES.map((name) => `'${name}'`).join(', ');
      throw new EverstormError('INVALID_REQUEST', `'${type}' is not one of [${known}]`, { field: 'types' });
    }
    for (const kind of KINDS_OF[type] ?? []) kinds.add(kind);
  }
  return kinds;
}
