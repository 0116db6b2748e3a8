import type { z } from 'zod';
import type { Principal } from '../model/principal';

/** A request as a route sees it. */
export interface ApiRequest {
  principal: Principal;
  /** Path parameters, decoded. */
  params: Readonly<Record<string, string>>;
  query: Query;
  /** Parsed body: JSON, text, or form fields as lists; `{}` when empty. */
  body: unknown;
  /** Headers with their names as received. */
  headers: Readonly<Record<string, string>>;
}

/** Query parameters; of a repeated one the last counts. What a route does not ask for is ignored, as in StackStorm. */
export interface Query {
  text(name: string): string | undefined;
}

export interface Answer {
  status?: number;
  /** JSON unless `type` says otherwise (then text or bytes); absent for no body. */
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

/** One operation: what is mounted, and what the OpenAPI document tells. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** With `{name}` for one segment and `{+name}` for the rest of the path. */
  path: string;
  summary: string;
  tag: string;
  /** Names of query parameters, with their meaning. */
  query?: Record<string, string>;
  /** Schema of the body, for the document; the service parses with the same one. */
  body?: z.ZodType;
  /** Status of success; default 200. */
  status?: number;
  handle(request: ApiRequest): Promise<Answer>;
}
