import { allOfCase, capitalize, casefold, isTitled, swapcase, title } from '../case';
import { isAlnum, isAlpha, isDecimal, isDigit, isIdentifier, isNumeric, isPrintable, isSpaceChar } from '../chars';
import { method } from './signature';
import type { Method } from './signature';

const simple = (name: string, body: (text: string) => string | boolean): [string, Method<string>] =>
  method<string>(`${name}()`, (self, _args, budget) => {
    budget.output(self.length);
    return body(self);
  });

const every =
  (test: (char: string) => boolean, whenEmpty = false) =>
  (text: string): boolean =>
    text === '' ? whenEmpty : Array.from(text).every(test);

/** Text methods on case and kinds of characters. */
export const CASE_METHODS: readonly [string, Method<string>][] = [
  simple('upper', (text) => text.toUpperCase()),
  simple('lower', (text) => text.toLowerCase()),
  simple('capitalize', capitalize),
  simple('title', title),
  simple('swapcase', swapcase),
  simple('casefold', casefold),
  simple('isalnum', every(isAlnum)),
  simple('isalpha', every(isAlpha)),
  simple(
    'isascii',
    every((char) => char <= '\x7f', true),
  ),
  simple('isdecimal', every(isDecimal)),
  simple('isdigit', every(isDigit)),
  simple('isnumeric', every(isNumeric)),
  simple('isspace', every(isSpaceChar)),
  simple('isprintable', every(isPrintable, true)),
  simple('isidentifier', isIdentifier),
  simple('islower', (text) => allOfCase(text, 'lower')),
  simple('isupper', (text) => allOfCase(text, 'upper')),
  simple('istitle', isTitled),
];
