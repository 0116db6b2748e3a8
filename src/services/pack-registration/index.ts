import { EverstormError } from '../../model/errors';
import type { Principal } from '../../model/principal';
import type { Rule } from '../../model/rule';
import { CORE_TRIGGER_TYPES } from '../../packs/core-triggers';
import type { PackContent } from '../../packs/read-pack';
import { readPack } from '../../packs/read-pack';
import type { PackProblem } from '../../packs/problem';
import { problem } from '../../packs/problem';
import type { Definitions, Store } from '../../ports/store';
import type { Logger } from '../../telemetry/logger';
import { authorise } from '../authorisation';
import { choosePacks } from './find-packs';
import type { RegistrationCounts } from './register-types';
import { kindsOf, noCounts, REGISTERED_KINDS } from './register-types';
import { removePack, removeVanished, writeKind, writeTriggerTypes } from './write-pack';

export interface PackRegistrationOptions {
  store: Pick<Store, 'definitions'>;
  /** Directories that hold pack directories; the first that has a pack wins. */
  packPaths: readonly string[];
  /** Names of the runners there are. */
  runnerTypes: ReadonlySet<string>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Throws when a rule's criteria or mapping can't be compiled. */
  validateRule?: (rule: Rule) => void;
}

export interface RegistrationRequest {
  /** Names of packs; all when left out. */
  packs?: readonly string[];
  /** See REGISTER_TYPES; all when left out. */
  types?: readonly string[];
  /** StackStorm's: any problem fails the request (after everything right was registered). */
  failOnFailure?: boolean;
}

export interface RegistrationResult {
  counts: RegistrationCounts;
  problems: (PackProblem & { pack: string })[];
}

export interface PackRegistration {
  /**
   * Makes the definitions equal to the pack directories. Bad files are reported and stop nothing else; unchanged content changes nothing.
   * Throws INVALID_REQUEST for an unknown type or a pack that is not on disk, INVALID_DEFINITION with `failOnFailure`.
   */
  register(principal: Principal, request?: RegistrationRequest): Promise<RegistrationResult>;
}

/** Registers packs from disk, the source of truth for what they hold. */
export function createPackRegistration(options: PackRegistrationOptions): PackRegistration {
  const { definitions } = options.store;
  const { log, runnerTypes, validateRule } = options;

  const report = (pass: Pass, pack: string, problems: readonly PackProblem[]): void => {
    for (const found of problems) {
      log.warn({ pack, file: found.file, field: found.field }, found.message);
      pass.problems.push({ ...found, pack });
    }
  };

  /** Reads the packs; one whose ref another directory has already is reported and left out. */
  const read = async (pass: Pass, packs: ReadonlyMap<string, string>): Promise<PackContent[]> => {
    const contents: PackContent[] = [];
    for (const [name, directory] of packs) {
      const content = await readPack(directory, { runnerTypes });
      report(pass, name, content.problems);
      if (content.pack === null) continue;
      const { ref } = content.pack;
      const owner = pass.owners.get(ref);
      if (owner === undefined) {
        pass.owners.set(ref, directory);
        contents.push(content);
      } else report(pass, name, [problem('pack.yaml', 'ref', `expected a ref of its own; ${ref} is that of ${owner}`)]);
    }
    return contents;
  };

  const write = async (pass: Pass, contents: readonly PackContent[]): Promise<void> => {
    for (const { pack } of contents) if (pack !== null) await definitions.put('pack', pack, 'pack');
    // Kind by kind over all packs: a pack's rule may need a trigger type of a pack that sorts after it.
    for (const kind of REGISTERED_KINDS.filter((each) => pass.kinds.has(each))) {
      for (const content of contents) {
        const found = await writeKind(kind, content, { definitions, counts: pass.counts, validateRule });
        report(pass, content.pack?.ref ?? '', found);
      }
    }
    for (const content of contents) await removeVanished(definitions, content, pass.kinds);
  };

  return {
    register: async (principal, request = {}) => {
      authorise(principal, 'pack_register');
      const kinds = kindsOf(request.types);
      const packs = await choosePacks(options.packPaths, request.packs);
      const pass: Pass = { kinds, counts: noCounts(), problems: [], owners: new Map() };
      await writeTriggerTypes(definitions, CORE_TRIGGER_TYPES);
      await write(pass, await read(pass, packs));
      if (request.packs === undefined || request.packs.length === 0) await forgetMissing(definitions, pass, packs);
      log.info({ packs: packs.size, ...pass.counts, problems: pass.problems.length }, 'packs registered');
      const first = pass.problems[0];
      if (request.failOnFailure === true && first !== undefined) {
        throw new EverstormError('INVALID_DEFINITION', `${first.pack}: ${first.message}`, { field: first.field });
      }
      return { counts: pass.counts, problems: pass.problems };
    },
  };
}

interface Pass {
  kinds: ReturnType<typeof kindsOf>;
  counts: RegistrationCounts;
  problems: RegistrationResult['problems'];
  /** Directory by pack ref. */
  owners: Map<string, string>;
}

/** A pack is forgotten when no directory on disk bears its path any more; one whose pack.yaml is broken stays. */
async function forgetMissing(definitions: Definitions, pass: Pass, onDisk: ReadonlyMap<string, string>): Promise<void> {
  const directories = new Set(onDisk.values());
  const { rows } = await definitions.list('pack', { limit: -1, offset: 0 });
  for (const pack of rows) {
    if (!pass.owners.has(pack.ref) && !directories.has(pack.path)) await removePack(definitions, pack.ref);
  }
}
