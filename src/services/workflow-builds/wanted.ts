/** What one look at the platform shows. */
export interface BuildSight {
  /** The build that this process ships. */
  own: string;
  current: string | null;
  /** Builds whose bundles are kept, oldest first. */
  kept: readonly string[];
  /** Open executions that must finish on a build; those with none may be absent. */
  open: ReadonlyMap<string, number>;
}

/** Builds that somebody must run now; the own one always. Those that came after the own one are apart. Pure. */
export function wantedBuilds({ own, current, kept, open }: BuildSight): { wanted: string[]; newer: Set<string> } {
  const needed = kept.filter((buildId) => buildId !== own && (buildId === current || (open.get(buildId) ?? 0) > 0));
  const place = kept.indexOf(own);
  const newer = needed.filter((buildId) => place !== -1 && kept.indexOf(buildId) > place);
  return { wanted: [own, ...needed], newer: new Set(newer) };
}
