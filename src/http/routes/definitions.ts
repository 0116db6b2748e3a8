import type { Principal } from '../../model/principal';
import type { DefinitionQuery, Page } from '../../services/listing';
import { LIST_PARAMETERS, booleanOf, filtersOf, listAnswer, pageOf, projectionOf } from '../list';
import type { Query, Route } from '../route';

export interface ListRoute {
  path: string;
  tag: string;
  summary: string;
  attributes: ReadonlySet<string>;
  list: (principal: Principal, query: DefinitionQuery) => Promise<Page<object>>;
  /** Query parameter → field it must equal. */
  filters?: Record<string, string>;
  /** Query parameters that are booleans. */
  flags?: readonly string[];
  /** False where StackStorm leaves X-Limit out when no limit was given. */
  alwaysLimit?: boolean;
}

function whereOf(query: Query, { filters = {}, flags = [] }: ListRoute): Record<string, string | boolean> {
  const given = filtersOf(query, Object.keys(filters));
  const where: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(given)) where[filters[name] as string] = value as string;
  for (const name of flags) {
    const flag = booleanOf(query, name);
    if (flag !== undefined) where[name] = flag;
  }
  return where;
}

/** GET of a list of definitions: page, `pack`, equality filters, attributes. */
export function listRoute(options: ListRoute): Route {
  const { path, tag, summary, attributes, list, filters = {}, flags = [], alwaysLimit = true } = options;
  const own = Object.fromEntries(
    ['pack', ...Object.keys(filters), ...flags].map((name) => [name, `Only with this ${name}.`]),
  );
  return {
    method: 'get',
    path,
    tag,
    summary,
    query: { ...own, ...LIST_PARAMETERS },
    handle: async ({ principal, query }) => {
      const page = pageOf(query);
      const project = projectionOf(query, attributes);
      const found = await list(principal, { ...page, ...filtersOf(query, ['pack']), where: whereOf(query, options) });
      const limit = alwaysLimit || query.text('limit') !== undefined ? page.limit : undefined;
      return listAnswer(found, limit, project);
    },
  };
}
