import { compileRegex } from '../../../../src/expressions/regex/regex';
import type { Match } from '../../../../src/expressions/regex/regex';
import errors from './recorded/errors.json';
import recorded from './recorded/matches.json';

/** Python 3.11's `re` on one text: spans of groups of match, search, fullmatch, finditer; findall, sub with a template, split. */
interface Run {
  t: string;
  tpl: string;
  m: unknown;
  s: unknown;
  f: unknown;
  i: unknown;
  a: unknown;
  sub: string;
  sp: unknown;
}

test.each(recorded as { p: string; f: number; r: Run[] }[])('$p (flags $f) matches as recorded of Python', (each) => {
  const regex = compileRegex(each.p, each.f);
  const spans = (match: Match | null): unknown =>
    match && Array.from({ length: regex.groups + 1 }, (_, group) => match.span(group));
  for (const run of each.r) {
    expect({
      t: run.t,
      tpl: run.tpl,
      m: spans(regex.match(run.t)),
      s: spans(regex.search(run.t)),
      f: spans(regex.fullmatch(run.t)),
      i: Array.from(regex.finditer(run.t), spans),
      a: regex.findall(run.t),
      sub: replaced(() => regex.sub(run.t, run.tpl)),
      sp: regex.split(run.t),
    }).toEqual(run);
  }
});

/** A bad template is an error only where there is a match to replace; the recording has its text after `!`. */
function replaced(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return `!${(error as Error).message}`;
  }
}

test.each(errors)('$p is refused: $e', ({ p, f, e }) => {
  let refusal: unknown;
  try {
    compileRegex(p, f);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ code: 'EXPRESSION_FAILED', type: 'error', message: e });
});
