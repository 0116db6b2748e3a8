import type { LoggedEvent } from '../../../src/model/event';
import type { Rule } from '../../../src/model/rule';
import { resourceId } from '../../../src/model/ids';

export const rule = (name: string, over: Partial<Rule> = {}): Rule => ({
  id: resourceId(`rule:demo:${name}`),
  uid: `rule:demo:${name}`,
  ref: `demo.${name}`,
  name,
  pack: 'demo',
  description: '',
  enabled: true,
  type: { ref: 'standard', parameters: {} },
  trigger: { type: 'demo.t', ref: 'demo.t', parameters: {} },
  criteria: {},
  action: { ref: 'core.local', parameters: { zulu: 1, alpha: 2 } },
  context: {},
  tags: [],
  metadata_file: '',
  ...over,
});

export const event = (n: number, over: Partial<LoggedEvent> = {}): LoggedEvent => ({
  instanceId: n.toString(16).padStart(24, '0'),
  partition: 0,
  offset: n,
  trigger: 'demo.t',
  source: '/test',
  eventId: `e${n}`,
  occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString(),
  payload: {},
  ...over,
});
