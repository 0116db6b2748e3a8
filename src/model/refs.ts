/** A resource reference is `pack.name`; the name may itself hold dots (`core.st2.webhook`). */
export interface Ref {
  pack: string;
  name: string;
}

/** Splits at the first dot; null when there is none or a side is empty. */
export function parseRef(text: string): Ref | null {
  const dot = text.indexOf('.');
  if (dot <= 0 || dot === text.length - 1) return null;
  return { pack: text.slice(0, dot), name: text.slice(dot + 1) };
}

export function formatRef(pack: string, name: string): string {
  return `${pack}.${name}`;
}

export const UID_KINDS = [
  'pack',
  'action',
  'rule',
  'sensor_type',
  'trigger_type',
  'trigger',
  'runner_type',
  'policy',
] as const;
export type UidKind = (typeof UID_KINDS)[number];

/** StackStorm's uid: `action:core:local`, `pack:core`. */
export function uid(kind: UidKind, ...parts: string[]): string {
  return [kind, ...parts].join(':');
}
