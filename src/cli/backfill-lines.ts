import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { cell } from './table';

/** The numbers of an object of numbers. */
export function numbersOf(value: JsonValue | undefined): Record<string, number> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

const NAMES = ['events', 'of_trigger', 'matched', 'already_ran', 'would_start', 'shadowed', 'failed'];

const shown = (numbers: Record<string, number>, names: readonly string[]): string =>
  names
    .filter((name) => name in numbers && (numbers[name] !== 0 || name !== 'shadowed'))
    .map((name) => `${numbers[name]} ${name.replace('_', ' ')}`)
    .join(', ');

/** How far a backfill is, in one line. */
export function progressLine(view: JsonObject): string {
  const { entries = 0, left = 0 } = numbersOf(view['range']);
  const read = `${entries - left} of ${entries} entries`;
  const counts = numbersOf(view['counts']);
  if (view['phase'] !== 'starting')
    return `${String(view['phase'])}: ${read}, ${shown(counts, ['matched', 'would_start'])}`;
  const { started = 0 } = numbersOf(view['starts']);
  return `starting: ${started} of ${counts['would_start'] ?? 0} started, ${read}`;
}

/** A backfill for people: where it stands, its counts, and samples. */
export function backfillLines(view: JsonObject): string[] {
  const { status, phase, reason, cancelled_by: by } = view;
  const counts = numbersOf(view['counts']);
  const samples = Array.isArray(view['samples']) ? view['samples'] : [];
  const phases = status === 'running' || status === 'succeeded' ? '' : ` while ${String(phase)}`;
  return [
    `backfill ${cell(view['id'])}: ${cell(status)}${phases}${by === undefined ? '' : `, by ${cell(by)}`}`,
    `  from ${cell(view['from'])} to ${cell(view['to'])}, at most ${cell(view['rate'])}/s${view['dry_run'] === true ? ', dry run' : ''}`,
    ...(reason === undefined ? [] : [`  ${cell(reason)}`]),
    ...(status === 'running' ? [`  ${progressLine(view)}`] : []),
    ...(Object.keys(counts).length === 0 ? [] : [`  counted: ${shown(counts, NAMES)}`]),
    ...(view['dry_run'] === true ? [] : startLines(numbersOf(view['starts']))),
    ...samples.flatMap((sample) => (isJsonObject(sample) ? [sampleLine(sample)] : [])),
  ];
}

const startLines = (starts: Record<string, number>): string[] =>
  Object.keys(starts).length === 0
    ? []
    : [`  started: ${shown(starts, ['started', 'already_ran', 'shadowed', 'failed'])}`];

function sampleLine({ trigger_instance: id, occurrence_time: at, outcome, parameters, reason }: JsonObject): string {
  const what = parameters === undefined ? reason : parameters;
  return `  ${cell(id)} ${cell(at)} ${cell(outcome).replace('_', ' ')}${what === undefined ? '' : `: ${cell(what)}`}`;
}
