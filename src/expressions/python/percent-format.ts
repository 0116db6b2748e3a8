import type { Budget } from '../budget';
import { typeError } from '../errors';
import { str } from './text';
import { PyTuple } from './values';
import type { Value } from './values';

/** Python's `text % values`. */
export function percentFormat(text: string, values: Value, budget: Budget): string {
  const items = values instanceof PyTuple ? values.items : [values];
  let used = 0;
  const out = text.replace(/%s|%d|%%/g, (token) => {
    if (token === '%%') return '%';
    if (used >= items.length) throw typeError('not enough arguments for format string');
    return str(items[used++] as Value, budget);
  });
  budget.output(out.length);
  return out;
}
