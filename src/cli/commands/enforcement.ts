import type { Command } from 'commander';
import type { CliIo } from '../io';
import { openSession } from '../session';

const FIELDS = [
  ...['id', 'rule', 'trigger_instance_id', 'execution_id', 'status', 'failure_reason'],
  ...['enforced_at', 'rule_set_version'],
];
const COLUMNS = [
  { title: 'ID', path: 'id' },
  { title: 'RULE', path: 'rule.ref' },
  { title: 'EVENT', path: 'trigger_instance_id' },
  { title: 'STATUS', path: 'status' },
  { title: 'EXECUTION', path: 'execution_id' },
  { title: 'ENFORCED', path: 'enforced_at' },
  { title: 'REASON', path: 'failure_reason' },
];

interface ListOptions {
  limit: string;
  rule?: string;
  triggerInstance?: string;
  execution?: string;
  status?: string;
}

/** `rule-enforcement list|get`. */
export function addEnforcement(program: Command, io: CliIo): void {
  const group = program.command('rule-enforcement').description('what rules did about events');
  group
    .command('list')
    .description('enforcements, newest first')
    .option('-n, --limit <number>', 'at most this many', '50')
    .option('--rule <ref>', 'of this rule')
    .option('--trigger-instance <id>', 'of this event')
    .option('--execution <id>', 'that led to this execution')
    .option('--status <status>', 'succeeded, failed, deduplicated, shadowed, suppressed')
    .action(async (options: ListOptions, command: Command) => {
      const session = openSession(command, io);
      const { limit, rule, triggerInstance, execution, status } = options;
      const query = new URLSearchParams({ limit });
      const filters = { rule_ref: rule, trigger_instance: triggerInstance, execution, status };
      for (const [name, value] of Object.entries(filters)) if (value !== undefined) query.set(name, value);
      session.table((await session.api.request('GET', `/ruleenforcements?${query}`)).body, COLUMNS);
    });
  group
    .command('get <id>')
    .description('one enforcement')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      session.document((await session.api.request('GET', `/ruleenforcements/${encodeURIComponent(id)}`)).body, FIELDS);
    });
}
