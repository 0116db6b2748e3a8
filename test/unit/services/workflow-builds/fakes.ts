import type { KnownBuild, WorkflowBuild } from '../../../../src/model/workflow-build';
import type { BuildWorker, Deployments } from '../../../../src/ports/deployments';
import type { WorkflowBundles } from '../../../../src/ports/workflow-bundles';

const FIRST_SEEN_MS = Date.UTC(2026, 0, 1);

/** Bundles in memory; builds given are known from the start, oldest first. */
export class MemoryBundles implements WorkflowBundles {
  readonly builds: (KnownBuild & { code: string | null })[] = [];
  constructor(...known: { buildId: string; promoted?: boolean }[]) {
    for (const { buildId, promoted = false } of known) this.add(buildId, `code of ${buildId}`, promoted);
  }
  async keep({ buildId, code }: WorkflowBuild): Promise<void> {
    const known = this.of(buildId);
    if (!known) this.add(buildId, code, false);
    else if (!known.kept) Object.assign(known, { code, kept: true });
    await Promise.resolve();
  }
  list(): Promise<KnownBuild[]> {
    return Promise.resolve(this.builds.map(({ code: _, ...known }) => ({ ...known })));
  }
  code(buildId: string): Promise<string | null> {
    return Promise.resolve(this.of(buildId)?.code ?? null);
  }
  async markPromoted(buildId: string): Promise<void> {
    const known = this.of(buildId);
    if (known) known.promoted = true;
    await Promise.resolve();
  }
  async forget(buildId: string): Promise<void> {
    const known = this.of(buildId);
    if (known) Object.assign(known, { code: null, kept: false });
    await Promise.resolve();
  }
  of(buildId: string) {
    return this.builds.find((build) => build.buildId === buildId);
  }
  private add(buildId: string, code: string, promoted: boolean): void {
    const firstSeen = new Date(FIRST_SEEN_MS + this.builds.length * 1_000).toISOString();
    this.builds.push({ buildId, firstSeen, promoted, kept: true, code });
  }
}

/** What Temporal would say; tests set it. `served` lists the builds that may be promoted. */
export class MemoryDeployments implements Deployments {
  now: string | null = null;
  readonly servedBuilds = new Set<string>();
  readonly openOn = new Map<string, number>();
  readonly rememberedOn = new Map<string, number>();
  pollers: BuildWorker[] = [];
  readonly promotions: string[] = [];
  /** Thrown by the next calls, one each. */
  readonly troubles: Error[] = [];
  looks = 0;

  async current(): Promise<string | null> {
    this.looks += 1;
    const trouble = this.troubles.shift();
    if (trouble) throw trouble;
    return Promise.resolve(this.now);
  }
  served(buildId: string): Promise<boolean> {
    return Promise.resolve(this.servedBuilds.has(buildId));
  }
  async promote(buildId: string): Promise<void> {
    this.now = buildId;
    this.promotions.push(buildId);
    await Promise.resolve();
  }
  open(buildIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map(buildIds.map((buildId) => [buildId, this.openOn.get(buildId) ?? 0])));
  }
  remembered(buildId: string): Promise<number> {
    return Promise.resolve(this.rememberedOn.get(buildId) ?? 0);
  }
  workers(): Promise<BuildWorker[]> {
    return Promise.resolve(this.pollers);
  }
}

export const quiet = { info: () => undefined, warn: () => undefined };

/** Resolves once the condition holds; fails after 5 s. */
export async function eventually(what: string, met: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !met(); await new Promise((resolve) => setTimeout(resolve, 1))) {
    if (Date.now() > end) throw new Error(`not within 5 s: ${what}`);
  }
}
