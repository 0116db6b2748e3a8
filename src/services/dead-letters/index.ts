import type { LetterRow } from '../../model/dead-letter';
import { isId } from '../../model/ids';
import type { Permission, Principal } from '../../model/principal';
import type { LetterQuery } from '../../ports/dead-letter-rows';
import type { Page } from '../../ports/store';
import { authorise } from '../authorisation';
import type { ServiceDependencies } from '../context';
import { found, noSuchId } from '../not-found';
import { orThrow, refused } from './outcome';
import type { LetterOutcome } from './outcome';
import { redrive } from './redrive';
import { knownCode, selectionIn } from './requests';
import type { BulkRedriveRequest, Cursor, PurgeRequest, RedriveRequest, Selection } from './requests';
import { askRule } from './to-rule';
import { detailOf, viewOf } from './view';
import type { DeadLetterDetail, DeadLetterView } from './view';

/** What became of the letters of a request. Of a selection of all, those of one step; `next` is where to go on, null at the end. */
export interface LettersAnswer {
  letters: LetterOutcome[];
  next: Cursor | null;
}

export interface DeadLetterService {
  /** Newest first. Throws INVALID_REQUEST for a code that is none. */
  list(principal: Principal, query: LetterQuery): Promise<Page<DeadLetterView>>;
  /** With its content. Throws NOT_FOUND. */
  get(principal: Principal, id: string): Promise<DeadLetterDetail>;
  /** Throws what its outcome would tell as refused. */
  redrive(principal: Principal, id: string, request: RedriveRequest): Promise<LetterOutcome>;
  redriveMany(principal: Principal, request: BulkRedriveRequest): Promise<LettersAnswer>;
  /** Ends a letter's wait without doing anything. Throws NOT_FOUND. */
  purge(principal: Principal, id: string): Promise<LetterOutcome>;
  purgeMany(principal: Principal, request: PurgeRequest): Promise<LettersAnswer>;
}

/** Letters of one step through all. */
const STEP = 200;
/** Letters whose payloads (1 MiB each at most) are in memory at once. */
const AT_ONCE = 50;

export function createDeadLetterService(deps: ServiceDependencies): DeadLetterService {
  const rows = deps.store.deadLetters;
  const rowOf = async (id: string): Promise<LetterRow> => found(isId(id) ? await rows.get(id) : null, noSuchId(id));

  const redriveRows = async (
    principal: Principal,
    letters: readonly LetterRow[],
    ruleRef: string | undefined,
  ): Promise<LetterOutcome[]> => {
    const rule = ruleRef === undefined ? null : await askRule(ruleRef, deps);
    if (rule) authorise(principal, 'rule_view', rule.rule.uid);
    const outcomes: LetterOutcome[] = [];
    for (let from = 0; from < letters.length; from += AT_ONCE) {
      outcomes.push(...(await redrive(letters.slice(from, from + AT_ONCE), { principal, rule }, deps)));
    }
    return outcomes;
  };

  const purgeRows = async (principal: Principal, letters: readonly LetterRow[]): Promise<LetterOutcome[]> => {
    const at = new Date(deps.now()).toISOString();
    const settlement = { state: 'purged', by: principal.user, at } as const;
    await rows.settle(letters.filter(({ state }) => state === 'open').map((letter) => ({ letter, settlement })));
    return letters.map(({ id, state }) => ({ id, outcome: state === 'open' ? 'purged' : `already-${state}` }));
  };

  /** The letters of a step; ids that are none of a letter's become outcomes at once. */
  const select = async (
    selection: Selection,
  ): Promise<{ letters: LetterRow[]; missing: LetterOutcome[]; next: Cursor | null }> => {
    if (selection.kind === 'ids') {
      const known = await Promise.all(
        selection.ids.map(async (id) => ({ id, row: isId(id) ? await rows.get(id) : null })),
      );
      return {
        letters: known.flatMap(({ row }) => row ?? []),
        missing: known.flatMap(({ id, row }) => (row ? [] : [refused(id, noSuchId(id))])),
        next: null,
      };
    }
    // What is redriven and set aside again must not come round again.
    const until = selection.from?.until ?? new Date(deps.now()).toISOString();
    const after = selection.from?.after;
    const letters = await rows.open({
      ...selection.filter,
      ...{ until, limit: STEP },
      ...(after === undefined ? {} : { after }),
    });
    const last = letters.at(-1);
    return { letters, missing: [], next: last && letters.length === STEP ? { after: last.id, until } : null };
  };

  const many = async (
    principal: Principal,
    { permission, request }: { permission: Permission; request: PurgeRequest },
    work: (letters: LetterRow[]) => Promise<LetterOutcome[]>,
  ): Promise<LettersAnswer> => {
    authorise(principal, permission);
    const { letters, missing, next } = await select(selectionIn(request));
    return { letters: [...(await work(letters)), ...missing], next };
  };

  const one = async (id: string, work: (letters: LetterRow[]) => Promise<LetterOutcome[]>): Promise<LetterOutcome> => {
    const [outcome] = await work([await rowOf(id)]);
    return orThrow(found(outcome, noSuchId(id)));
  };

  return {
    list: async (principal, query) => {
      authorise(principal, 'dead_letter_list');
      if (query.code !== undefined) knownCode(query.code);
      const page = await rows.list(query);
      return { total: page.total, rows: page.rows.map(viewOf) };
    },
    get: async (principal, id) => {
      authorise(principal, 'dead_letter_view', id);
      const row = await rowOf(id);
      return detailOf(row, await deps.deadLetters.read(row));
    },
    redrive: (principal, id, { rule }) => {
      authorise(principal, 'dead_letter_redrive', id);
      return one(id, (letters) => redriveRows(principal, letters, rule));
    },
    redriveMany: (principal, request) =>
      many(principal, { permission: 'dead_letter_redrive', request }, (letters) =>
        redriveRows(principal, letters, request.rule),
      ),
    purge: (principal, id) => {
      authorise(principal, 'dead_letter_purge', id);
      return one(id, (letters) => purgeRows(principal, letters));
    },
    purgeMany: (principal, request) =>
      many(principal, { permission: 'dead_letter_purge', request }, (letters) => purgeRows(principal, letters)),
  };
}
