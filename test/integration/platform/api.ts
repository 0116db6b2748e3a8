/** What the platform tests ask of the API. */
export interface Enforcement {
  id: string;
  execution_id?: string;
  trigger_instance_id: string;
  rule: { ref: string };
  status: string;
}
export interface Execution {
  id: string;
  status: string;
  rule?: { ref?: string } | null;
  trigger_instance?: { id?: string } | null;
  action?: { ref?: string };
}
export interface TriggerInstance {
  id: string;
  trigger: string;
  status: string;
  payload: unknown;
}

/** GET below /api/v1. Fails on any answer but 2xx. */
export async function get<T>(apiUrl: string, path: string): Promise<T> {
  const response = await fetch(`${apiUrl}/api/v1${path}`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export interface Answer {
  status: number;
  text: string;
}

/** POST of a body as it stands, JSON or not. */
export async function post(
  apiUrl: string,
  path: string,
  { body, headers = {} }: { body: string; headers?: Record<string, string> },
): Promise<Answer> {
  const response = await fetch(`${apiUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text() };
}

export const enforcementsOf = (apiUrl: string, ruleRef: string): Promise<Enforcement[]> =>
  get<Enforcement[]>(apiUrl, '/ruleenforcements?limit=-1').then((all) =>
    all.filter(({ rule }) => rule.ref === ruleRef),
  );

/** Executions of an action, newest first, those of rules and by hand alike. */
export const executionsOf = (apiUrl: string, actionRef: string): Promise<Execution[]> =>
  get<Execution[]>(apiUrl, `/executions?limit=-1&action=${actionRef}`);
