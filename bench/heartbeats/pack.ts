/** A trigger `bench.beat`, and a rule that fires for hosts not heard of for so many seconds. */
export const PACK = (within: number): Record<string, string> => ({
  'pack.yaml': JSON.stringify({
    name: 'bench',
    description: 'What the benchmark needs',
    version: '1.0.0',
    author: 'Everstorm',
    email: 'bench@example.com',
  }),
  'triggers/beat.yaml': JSON.stringify({
    name: 'beat',
    description: 'A heartbeat',
    payload_schema: { type: 'object' },
  }),
  'rules/silent.yaml': JSON.stringify({
    name: 'silent',
    description: 'A host fell silent',
    enabled: true,
    trigger: { type: 'bench.beat' },
    when: { type: 'absence', within, key: '{{ trigger.host }}' },
    action: { ref: 'core.noop' },
  }),
});
