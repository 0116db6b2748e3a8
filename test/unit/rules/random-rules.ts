import type { JsonObject, JsonValue } from '../../../src/model/json';
import type { Criteria, Rule } from '../../../src/model/rule';

type Pick = <T>(items: readonly T[]) => T;

/** Small seeded generator (mulberry32), so that a failure can be repeated. */
export function generator(seed: number): Pick {
  let state = seed;
  return (items) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return items[((mixed ^ (mixed >>> 14)) >>> 0) % items.length] as never;
  };
}

const VALUES: JsonValue[] = [
  'a',
  'b',
  '1',
  1,
  0,
  true,
  false,
  null,
  [1],
  ['a'],
  { a: 1 },
  '{{ trigger.x }}',
  '{{ trigger.gone }}',
  'ab',
  'a.b',
  '^a',
  '^ab?',
  '^b$',
  '^(a|b)',
  'a|^b',
  '[',
  '',
  0.5,
  -3,
  7,
];
const OPERATORS = [
  'equals',
  'eq',
  'inside',
  'in',
  'neq',
  'exists',
  'nexists',
  'contains',
  'gt',
  'gt',
  'lt',
  'lt',
  'startswith',
  'startswith',
  'regex',
  'regex',
  'matchregex',
  'iregex',
  'ieq',
  'ncontains',
  'nin',
  'matchwildcard',
  'timediff_lt',
  'nosuch',
];
const PATHS = ['trigger.x', 'trigger.y', 'trigger.x#2', 'trigger.z.a', 'trigger.[', 'trigger.l[*]', 'trigger.y[0:1]'];

/** What rules and events are made of: `wild` is everything that may go wrong, `calm` what the index can tell apart. */
export interface Pool {
  paths: readonly string[];
  operators: readonly string[];
  values: readonly JsonValue[];
}
export const WILD: Pool = { paths: PATHS, operators: OPERATORS, values: VALUES };
export const CALM: Pool = {
  paths: ['trigger.x', 'trigger.y', 'trigger.x#2', 'trigger.z.a'],
  operators: ['eq', 'eq', 'in', 'gt', 'lt', 'startswith', 'regex', 'neq', 'exists'],
  values: ['a', 'b', 'ab', 'a.b', '^a', '^b$', 1, 0, 7, -3, 0.5, true],
};

function randomCriteria(pick: Pick, { paths, operators, values }: Pool, depth: number): Criteria {
  const criteria: Criteria = {};
  const within = (): Criteria => randomCriteria(pick, { paths, operators, values }, depth - 1);
  for (let i = pick([0, 1, 1, 2, 3]); i > 0; i -= 1) {
    const group = depth > 0 ? pick([null, null, null, 'any', 'any', 'any#2', 'all', 'not'] as const) : null;
    if (group === null) criteria[pick(paths)] = { type: pick(operators), pattern: pick([...values, ['a', 1], ['b']]) };
    else if (group === 'not') criteria[group] = within();
    else criteria[group] = Array.from({ length: pick([0, 1, 2, 2, 3]) }, within);
  }
  return criteria;
}

/** A rule of few paths, operators and values, so that many meet; groups within groups. */
export const randomRule = (pick: Pick, n: number, pool: Pool): Rule =>
  ({
    ref: `p.r${String(n).padStart(3, '0')}`,
    enabled: pick([true, true, true, false]),
    type: { ref: pick(['standard', 'standard', 'backstop']), parameters: {} },
    trigger: { type: 't.t', ref: pick(['t.a', 't.b']), parameters: {} },
    criteria: randomCriteria(pick, pool, 2),
  }) as unknown as Rule;

export function randomEvent(pick: Pick, { values }: Pool): { trigger: string; payload: JsonObject } {
  const payload: JsonObject = { x: pick(values), y: pick(values), z: pick<JsonValue>([{ a: 'a' }, { a: 1 }, 'a', {}]) };
  return { trigger: pick(['t.a', 't.b', 't.c']), payload: pick([payload, payload, payload, {}]) };
}
