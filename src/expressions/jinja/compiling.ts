import { failed, syntaxError } from '../errors';
import type { Node } from './ast';
import type { Environment } from './environment';
import type { Scope } from './scope';

/** Text as it is put together. */
export interface Sink {
  text: string;
}
/** Compiled statements: they render into the sink. */
export type Emit = (scope: Scope, sink: Sink) => void;

/** State of a compilation. */
export interface Compiling {
  readonly environment: Environment;
  readonly source: string;
  /** In a branch that may never be taken: an unknown filter or test is an error only when it is. */
  readonly lenient: boolean;
  /** Compiles what stands within a statement. */
  readonly body: (nodes: readonly Node[], compiling: Compiling) => Emit;
  /** Nodes compiled so far: what an expression costs each time. */
  size: number;
}

/** Renders a body by itself. */
export function rendered(emit: Emit, scope: Scope): string {
  const sink: Sink = { text: '' };
  emit(scope, sink);
  return sink.text;
}

export const leniently = (compiling: Compiling): Compiling => ({ ...compiling, lenient: true });

/** What to do about an unknown filter or test: an error now, or one when it is used. */
export function unknown(message: string, { lenient, source }: Compiling, at: number): () => never {
  if (!lenient) throw syntaxError(message, source, at, 'TemplateAssertionError');
  return () => {
    throw failed(message, 'TemplateRuntimeError');
  };
}
