import { EverstormError } from '../model/errors';
import type { Principal } from '../model/principal';
import type { Rule } from '../model/rule';
import { RuleMetadata } from '../model/rule';
import { ruleDocument } from '../packs/documents';
import { validateRule } from '../rules/validate';
import type { DefinitionQuery, Page } from '../ports/store';
import { authorise } from './authorisation';
import { creating, moving } from './conflicts';
import type { ServiceDependencies } from './context';
import { found, noSuchReference } from './not-found';
import { parseRequest } from './request-text';
import { checkRuleTriggers, ensureRuleTriggers, releaseRuleTriggers } from './rule-triggers';

/** A rule with the descriptions of its action and trigger type, for lists that people read. */
export interface RuleView extends Omit<Rule, 'action' | 'trigger'> {
  action: Rule['action'] & { description?: string };
  trigger: Rule['trigger'] & { description?: string };
}

export interface RuleService {
  list(principal: Principal, query: DefinitionQuery): Promise<Page<Rule>>;
  get(principal: Principal, refOrId: string): Promise<Rule>;
  listViews(principal: Principal, query: DefinitionQuery): Promise<Page<RuleView>>;
  getView(principal: Principal, refOrId: string): Promise<RuleView>;
  /** Throws INVALID_REQUEST, UNKNOWN_TRIGGER, INVALID_PARAMETERS, UNKNOWN_OPERATOR, INVALID_DEFINITION, CONFLICT. */
  create(principal: Principal, body: unknown): Promise<Rule>;
  /** Replaces a rule, whatever id the body says; another name or pack moves it to another ref and id in one step. */
  update(principal: Principal, refOrId: string, body: unknown): Promise<Rule>;
  remove(principal: Principal, refOrId: string): Promise<void>;
}

/** Pack of rules that name none; StackStorm's. */
const DEFAULT_PACK = 'default';
const RULE_TYPES: readonly string[] = ['standard', 'backstop'];

export function createRuleService(deps: ServiceDependencies): RuleService {
  const { definitions } = deps.store;
  const byRef = async (refOrId: string): Promise<Rule> =>
    found(await definitions.get('rule', refOrId), noSuchReference(refOrId));

  /** A checked rule from a body; nothing is stored. */
  const build = async (principal: Principal, body: unknown): Promise<Rule> => {
    const metadata = parseRequest(RuleMetadata, body);
    const pack = metadata.pack ?? DEFAULT_PACK;
    const place = { pack, directory: '', file: metadata.metadata_file ?? '' };
    const drawn = ruleDocument(place, metadata);
    const rule = { ...drawn, context: { ...drawn.context, user: principal.user } };
    if (!RULE_TYPES.includes(rule.type.ref)) {
      throw new EverstormError(
        'INVALID_REQUEST',
        `Rule type "${rule.type.ref}" is not one of ${RULE_TYPES.join(', ')}.`,
      );
    }
    const [problem] = validateRule(metadata);
    if (problem) throw new EverstormError(problem.code, problem.message, { field: problem.field });
    await checkRuleTriggers(definitions, rule);
    return rule;
  };

  /** The trigger first: a rule must never be seen listening to one that is not there. A refused rule leaves no trigger behind. */
  const withTrigger = async (rule: Rule, write: () => Promise<unknown>): Promise<void> => {
    await ensureRuleTriggers(definitions, rule);
    try {
      await write();
    } catch (error) {
      await releaseRuleTriggers(definitions, rule);
      throw error;
    }
  };

  const view = async (rule: Rule): Promise<RuleView> => {
    const [action, type] = await Promise.all([
      definitions.get('action', rule.action.ref),
      definitions.get('trigger_type', rule.trigger.type),
    ]);
    return {
      ...rule,
      action: { ...rule.action, ...(action && { description: action.description }) },
      trigger: { ...rule.trigger, ...(type && { description: type.description }) },
    };
  };

  const list = (principal: Principal, query: DefinitionQuery): Promise<Page<Rule>> => {
    authorise(principal, 'rule_list');
    return definitions.list('rule', query);
  };

  return {
    list,
    get: async (principal, refOrId) => {
      const rule = await byRef(refOrId);
      authorise(principal, 'rule_view', rule.uid);
      return rule;
    },
    listViews: async (principal, query) => {
      const { rows, total } = await list(principal, query);
      return { rows: await Promise.all(rows.map(view)), total };
    },
    getView: async (principal, refOrId) => {
      const rule = await byRef(refOrId);
      authorise(principal, 'rule_view', rule.uid);
      return view(rule);
    },
    create: async (principal, body) => {
      authorise(principal, 'rule_create');
      const rule = await build(principal, body);
      await withTrigger(rule, () => creating(rule.uid, () => definitions.create('rule', rule, 'api')));
      return rule;
    },
    update: async (principal, refOrId, body) => {
      const old = await byRef(refOrId);
      authorise(principal, 'rule_modify', old.uid);
      const built = await build(principal, body);
      // An id belongs to a name: a renamed rule that kept it would be in the way of the next one of its old name.
      const rule = built.ref === old.ref ? { ...built, id: old.id } : built;
      await withTrigger(rule, async () => {
        if (rule.ref === old.ref) await definitions.put('rule', rule, 'api');
        else await moving(rule.uid, refOrId, () => definitions.replace({ kind: 'rule', oldRef: old.ref }, rule, 'api'));
      });
      await releaseRuleTriggers(definitions, old, rule);
      return rule;
    },
    remove: async (principal, refOrId) => {
      const rule = await byRef(refOrId);
      authorise(principal, 'rule_delete', rule.uid);
      await definitions.remove('rule', rule.ref);
      await releaseRuleTriggers(definitions, rule);
    },
  };
}
