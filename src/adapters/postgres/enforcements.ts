import type { Selectable } from 'kysely';
import type { RuleEnforcement } from '../../model/rule';
import { formatTimestamp } from '../../model/timestamps';
import type { EnforcementQuery, Enforcements } from '../../ports/store';
import { pageOf, queryTime } from './paging';
import { chunks, storable, storableTime } from './schema';
import type { Database, Tables } from './schema';
import { translating } from './translate-errors';

type Row = Tables['enforcements'];

export function enforcementStore(db: Database): Enforcements {
  return translating<Enforcements>({
    async record(enforcements) {
      for (const part of chunks(enforcements)) {
        await db
          .insertInto('enforcements')
          .values(part.map(toRow))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      }
    },

    async get(id) {
      const row = await db.selectFrom('enforcements').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toEnforcement(row) : null;
    },

    async known(executionIds) {
      const found = new Map<string, string>();
      for (const ids of chunks(executionIds)) {
        const rows = await db
          .selectFrom('enforcements')
          .select(['id', 'trigger_instance_id'])
          .where('id', 'in', ids)
          .execute();
        for (const row of rows) found.set(row.id, row.trigger_instance_id);
      }
      return found;
    },

    async list(query) {
      const page = await pageOf<'enforcements', Selectable<Row>, Selectable<Row>>(filtered(db, query), query, (rows) =>
        rows.selectAll().orderBy('enforced_at', 'desc').orderBy('id'),
      );
      return { rows: page.rows.map(toEnforcement), total: page.total };
    },
  });
}

function filtered(db: Database, query: EnforcementQuery) {
  let rows = db.selectFrom('enforcements');
  const equal = {
    rule_ref: query.rule_ref,
    rule_id: query.rule_id,
    execution_id: query.execution,
    trigger_instance_id: query.trigger_instance,
    status: query.status,
  };
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) rows = rows.where(column as keyof typeof equal, '=', value);
  }
  const { enforced_at_gt: after, enforced_at_lt: before } = query;
  if (after !== undefined) rows = rows.where('enforced_at', '>', queryTime(after, 'enforced_at_gt') as never);
  if (before !== undefined) rows = rows.where('enforced_at', '<', queryTime(before, 'enforced_at_lt') as never);
  return rows;
}

const toRow = (enforcement: RuleEnforcement) => ({
  id: enforcement.id,
  trigger_instance_id: enforcement.trigger_instance_id,
  execution_id: enforcement.execution_id ?? null,
  failure_reason: enforcement.failure_reason === undefined ? null : storable(enforcement.failure_reason),
  rule_ref: enforcement.rule.ref,
  rule_id: enforcement.rule.id,
  rule_uid: enforcement.rule.uid,
  enforced_at: storableTime(enforcement.enforced_at),
  status: enforcement.status,
  rule_set_version: enforcement.rule_set_version ?? null,
});

const toEnforcement = (row: Selectable<Row>): RuleEnforcement => ({
  id: row.id,
  trigger_instance_id: row.trigger_instance_id,
  ...(row.execution_id !== null && { execution_id: row.execution_id }),
  ...(row.failure_reason !== null && { failure_reason: row.failure_reason }),
  rule: { ref: row.rule_ref, id: row.rule_id, uid: row.rule_uid },
  enforced_at: formatTimestamp(row.enforced_at),
  status: row.status as RuleEnforcement['status'],
  ...(row.rule_set_version !== null && { rule_set_version: Number(row.rule_set_version) }),
});
