import type { z } from 'zod';

/** Something wrong in a pack, said so that its author can mend it: which file, which field, what was expected. */
export interface PackProblem {
  /** Relative to the pack's directory, e.g. `actions/local.yaml`. */
  file: string;
  /** Dotted path in the file; empty when the file as a whole is meant. */
  field: string;
  expected: string;
  /** One line for people: file, field and expectation. */
  message: string;
}

/** Builds a problem with its one-line message. */
export function problem(file: string, field: string, expected: string): PackProblem {
  return { file, field, expected, message: `${file}: ${field === '' ? '' : `${field}: `}${expected}` };
}

/** Every issue of a failed zod parse as a problem of `file`. */
export function zodProblems(file: string, error: z.ZodError): PackProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        problem(file, [...path, key].join('.'), 'unknown field, expected it to be absent'),
      );
    }
    return [problem(file, path.join('.'), issue.message)];
  });
}
