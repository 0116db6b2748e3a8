import { failed } from '../../errors';
import { truth } from '../../python/compare';
import type { CallArgs } from '../../python/methods';
import { str } from '../../python/text';
import { plain } from '../../python/values';
import type { Value } from '../../python/values';
import type { Filter } from '../environment';
import { Generator } from '../generator';
import type { Run } from '../run';
import { attributeGetter } from './attributes';
import type { Getter } from './attributes';
import { itemsOf } from './declare';

/** Calls a filter by its name. Throws TemplateRuntimeError for one that isn't there. */
function filterByName(name: Value, run: Run): Filter {
  const filter = run.environment.filters.get(str(name));
  if (!filter) throw failed(`No filter named '${str(name)}'.`, 'TemplateRuntimeError');
  return filter;
}

function mapping({ positional: [, name, ...rest], named, budget }: CallArgs, run: Run): Getter {
  if (name === undefined && named.has('attribute')) {
    const { attribute = null, default: otherwise = null, ...others } = Object.fromEntries(named);
    const [unexpected] = Object.keys(others);
    if (unexpected !== undefined) throw failed(`Unexpected keyword argument '${unexpected}'`, 'FilterArgumentError');
    return attributeGetter(attribute, otherwise);
  }
  if (name === undefined) throw failed('map requires a filter argument', 'FilterArgumentError');
  const filter = filterByName(name, run);
  return (item) => filter({ positional: [item, ...rest], named, budget }, run);
}

function testing({ positional, named, budget }: CallArgs, ofAttribute: boolean, run: Run): (item: Value) => boolean {
  const [path, ...others] = ofAttribute ? positional.slice(1) : [null, ...positional.slice(1)];
  if (path === undefined) throw failed('Missing parameter for attribute name', 'FilterArgumentError');
  const getter = attributeGetter(path);
  const [name, ...rest] = others;
  if (name === undefined) return (item) => truth(getter(item));
  const test = run.environment.tests.get(str(name));
  if (!test) throw failed(`No test named '${str(name)}'.`, 'TemplateRuntimeError');
  return (item) => test({ positional: [getter(item), ...rest], named, budget }, run);
}

/** A filter that does nothing before its first item is asked for, and nothing at all to what is false. */
const lazy = (
  name: string,
  each: (args: CallArgs, run: Run) => (items: readonly Value[]) => Iterable<Value>,
): [string, Filter] => [
  name,
  (args, run) =>
    new Generator(
      name === 'map' ? 'sync_do_map' : 'select_or_reject',
      (function* () {
        const [input = null] = args.positional;
        if (truth(input)) yield* each(args, run)(itemsOf(plain(input), run));
      })(),
    ),
];

const selecting = (name: string, wanted: boolean): [string, Filter] =>
  lazy(name, (args, run) => {
    const holds = testing(args, name.endsWith('attr'), run);
    return function* (items) {
      for (const item of items) if (holds(item) === wanted) yield item;
    };
  });

/** Filters that apply another filter or a test to each item. */
export const SELECT_FILTERS: readonly [string, Filter][] = [
  lazy('map', (args, run) => {
    const apply = mapping(args, run);
    return function* (items) {
      for (const item of items) {
        run.budget.step();
        yield apply(item);
      }
    };
  }),
  selecting('select', true),
  selecting('selectattr', true),
  selecting('reject', false),
  selecting('rejectattr', false),
];
