const COLUMNS = [
  ['NAME', ({ name }) => name],
  ['PID', ({ pid }) => pid ?? '-'],
  ['PORT', ({ port }) => port ?? '-'],
  ['OPERATIONS', ({ operationsPort }) => operationsPort ?? '-'],
  ['RESTARTS', ({ restarts }) => restarts],
  ['STATE', ({ state, held }) => (held && state !== 'held' ? `${state} (held)` : state)],
  ['READY', ({ ready, missing }) => (ready ? 'yes' : missing)],
];

/** The processes of a cluster (askMembers) as a table for people. */
export function clusterTable({ home, phase, members, apiUrls, failure }) {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...members.map((member) => COLUMNS.map(([, cell]) => String(cell(member)))),
  ];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd();
  const head = [`cluster in ${home}: ${phase}${failure ? ` (${failure})` : ''}`];
  if (apiUrls?.length) head.push(`API: ${apiUrls.join(' ')}`);
  return [...head, ...rows.map(line)].join('\n');
}
