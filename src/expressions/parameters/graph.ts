import { errorCode, EverstormError, messageOf } from '../../model/errors';
import type { JsonObject, JsonValue } from '../../model/json';
import type { ParameterSchema } from '../../model/parameter-schema';
import { renderTemplate, renderValue, namesIn } from '../index';
import { NONE_MARKER } from '../functions/data';
import { emptyDict, setKey } from '../python/values';
import { castParameter } from './cast';

/** Renders parameters that may name each other, each after those it names, and casts them. */
export interface ParameterGraph {
  /** The rendered value. Throws EXPRESSION_FAILED (missing name, cycle), EXPRESSION_SYNTAX, INVALID_PARAMETERS (cast). */
  resolve(name: string): JsonValue;
}

export function parameterGraph(args: {
  /** Values as given, or defaults. */
  values: ReadonlyMap<string, JsonValue>;
  schema: ReadonlyMap<string, ParameterSchema>;
  context: JsonObject;
}): ParameterGraph {
  const done = new Map<string, JsonValue>();
  const underWay = new Set<string>();

  const resolve = (name: string): JsonValue => {
    const known = done.get(name);
    if (known !== undefined) return known;
    if (underWay.has(name)) {
      throw new EverstormError('EXPRESSION_FAILED', `Cyclic dependency found in parameter "${name}"`, { field: name });
    }
    underWay.add(name);
    const raw = args.values.get(name) ?? null;
    const context = emptyDict();
    for (const [key, value] of Object.entries(args.context)) setKey(context, key, value);
    const schema = args.schema.get(name);
    const rendered = named(name, () => {
      for (const dependency of namesIn(raw)) {
        if (args.values.has(dependency)) setKey(context, dependency, resolve(dependency));
      }
      return render(raw, schema, context);
    });
    const cast = castParameter(name, rendered, schema);
    underWay.delete(name);
    done.set(name, cast);
    return cast;
  };
  return { resolve };
}

/** Text parameters take the text of an expression, others its value. */
function render(raw: JsonValue, schema: ParameterSchema | undefined, context: JsonObject): JsonValue {
  if (typeof raw !== 'string' || schema?.type !== 'string') return renderValue(raw, context);
  const text = renderTemplate(raw, context);
  return text === NONE_MARKER ? null : text;
}

function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = errorCode(error);
    if (code === null || code === 'INVALID_PARAMETERS' || (error as EverstormError).details.field !== undefined)
      throw error;
    throw new EverstormError(
      code,
      `Failed to render parameter "${name}": ${messageOf(error)}`,
      { field: name },
      { cause: error },
    );
  }
}
