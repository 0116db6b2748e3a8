import { existsSync, readFileSync } from 'node:fs';
import { KINDS } from './pack.mjs';

const ABANDONED = 'abandoned';

/** How often each event's action began and ended, by its own lines. */
export function readEffects(file) {
  const effects = new Map();
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const line of text.split('\n').filter(Boolean)) {
    const [word, event] = line.split(' ');
    const counts = effects.get(event) ?? { begin: 0, end: 0 };
    counts[word] += 1;
    effects.set(event, counts);
  }
  return effects;
}

/**
 * Compares the ledger of acknowledged events with Temporal's executions and with what the actions did. Pure.
 * lost: no execution, one that ended otherwise than succeeded or abandoned, or a success without the effect;
 * duplicates: executions beyond the first, and actions begun more than once although their metadata does not allow it;
 * stuck: still running. Each as a list of sentences.
 * @param {{acknowledged: {id: string, kind: string}[], runs: object[], effects: Map<string, {begin: number, end: number}>}} evidence
 */
export function judge({ acknowledged, runs, effects }) {
  const byTag = groupByTag(runs);
  const verdict = { lost: [], duplicates: [], stuck: [], abandoned: [] };
  for (const { id, kind } of acknowledged) {
    const { effect, repeatable = false } = KINDS[kind];
    const own = byTag.get(id) ?? [];
    const { begin, end } = effects.get(id) ?? { begin: 0, end: 0 };
    if (own.length === 0) verdict.lost.push(`${id} (${kind}) has no execution`);
    for (const { workflowId, runId } of own.slice(1)) verdict.duplicates.push(`${id}: also ${workflowId} ${runId}`);
    if (begin > 1 && !repeatable) verdict.duplicates.push(`${id} (${kind}) began ${begin} times`);
    for (const { workflowId, running, status } of own) {
      if (running) verdict.stuck.push(`${id} (${kind}) ${workflowId}`);
      else if (status === ABANDONED) verdict.abandoned.push(`${id} (${kind}) ${workflowId}, begun ${begin} times`);
      else if (status !== 'succeeded') verdict.lost.push(`${id} (${kind}) ${workflowId} ended as ${status}`);
      else if (effect && end === 0) verdict.lost.push(`${id} (${kind}) ${workflowId} succeeded without its effect`);
    }
  }
  return verdict;
}

function groupByTag(runs) {
  const groups = new Map();
  for (const run of runs) {
    const sharing = groups.get(run.tag);
    if (sharing) sharing.push(run);
    else groups.set(run.tag, [run]);
  }
  return groups;
}
