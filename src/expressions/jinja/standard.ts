import { Environment } from './environment';
import type { Filter } from './environment';
import { HTML_FILTERS } from './filters/html';
import { NUMBER_FILTERS } from './filters/number';
import { SELECT_FILTERS } from './filters/select';
import { SEQUENCE_FILTERS } from './filters/sequence';
import { COMMON_FILTERS, TEMPLATE_FILTERS } from './filters/stackstorm';
import { TEXT_FILTERS } from './filters/text';
import { VALUE_FILTERS } from './filters/value';
import { GLOBALS } from './globals';
import { TESTS } from './tests';

/** Filters of Jinja's own. */
export const STANDARD_FILTERS: readonly [string, Filter][] = [
  ...VALUE_FILTERS,
  ...TEXT_FILTERS,
  ...HTML_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...SELECT_FILTERS,
];

/** StackStorm's own environment: rules, parameters, aliases, action chains. */
export const STACKSTORM = new Environment(
  new Map([...STANDARD_FILTERS, ...COMMON_FILTERS, ...TEMPLATE_FILTERS]),
  TESTS,
  GLOBALS,
);
