/** What a rule maps a monitoring alert to; one template for each parameter. All three engines take them as they are. */
export const TEMPLATES: readonly string[] = [
  '{{ trigger.body.host }}',
  'Alert {{ trigger.body.alert.name }} on {{ trigger.body.host }}: {{ trigger.body.alert.value }} of {{ trigger.body.alert.limit }}',
  '{{ trigger.body.tags | join(",") }}',
  '{{ trigger.body.severity | upper }}',
  '{{ trigger.body.owner | default("nobody") }}',
  '{% if trigger.body.url %}{{ trigger.body.url }}{% else %}-{% endif %}',
  '{% for check in trigger.body.checks %}{{ check.name }}={{ check.value }} {% endfor %}',
  '{{ trigger.body.alert.value * 100 // trigger.body.alert.limit }}%',
];

/** Of the kind that workflows publish and decide with; `$` is the context. */
export const YAQL: readonly string[] = [
  '$.trigger.body.host',
  "$.trigger.body.alert.value > 90 and $.trigger.body.severity = 'critical'",
  '$.trigger.body.checks.where($.value > 1).select($.name)',
  "$.trigger.body.tags.join(',')",
  '$.trigger.body.checks.select({name => $.name, ok => $.value < 2})',
  "switch($.trigger.body.severity = 'critical' => 1, true => 2) + len($.trigger.body.tags)",
];

export const CONTEXT = {
  trigger: {
    body: {
      host: 'web01.prod.example.com',
      alert: { name: 'disk full', value: 97, limit: 90 },
      tags: ['prod', 'web', 'disk', 'eu-west'],
      severity: 'critical',
      url: 'https://monitoring.example.com/alerts/1234',
      checks: [
        { name: 'disk', value: 2 },
        { name: 'load', value: 0 },
        { name: 'memory', value: 1 },
      ],
    },
  },
};
