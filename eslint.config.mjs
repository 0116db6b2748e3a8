import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';

/** Folder → what it may import (design: a folder is a runtime). A folder may always import itself. */
const MAY_IMPORT = {
  'src/model': [],
  'src/expressions': ['src/model'],
  'src/orquesta': ['src/model', 'src/expressions'],
  'src/rules': ['src/model', 'src/expressions'],
  'src/conditions': ['src/model'],
  'src/packs': ['src/model', 'src/expressions'],
  'src/ports': ['src/model', 'src/expressions', 'src/orquesta', 'src/rules', 'src/packs'],
  'src/config': ['src/model'],
  'src/telemetry': ['src/model', 'src/config'],
  'src/adapters': [
    'src/model',
    'src/ports',
    'src/config',
    'src/telemetry',
    'activities/contract.ts',
    'workflows/contract.ts',
  ],
  'src/services': [
    'src/model',
    'src/expressions',
    'src/orquesta',
    'src/rules',
    'src/conditions',
    'src/packs',
    'src/ports',
    'src/telemetry',
  ],
  'src/http': ['src/model', 'src/services', 'src/telemetry'],
  'src/cli': ['src/model', 'src/packs', 'src/config'],
  workflows: ['src/model', 'src/expressions', 'src/orquesta', 'src/conditions', 'activities/contract.ts'],
  activities: ['src/model', 'src/ports', 'src/packs', 'src/telemetry', 'workflows/contract.ts'],
  sensors: ['src/model', 'src/ports', 'src/packs', 'src/telemetry', 'workflows/contract.ts'],
};
const FOLDERS = [...Object.keys(MAY_IMPORT), 'src/bin', 'test', 'scripts', 'bench'];

const zones = Object.entries(MAY_IMPORT).map(([target, allowed]) => ({
  target: `./${target}`,
  from: FOLDERS.filter((folder) => folder !== target && !allowed.includes(folder)).map((folder) => `./${folder}`),
  except: [],
  message: `${target} may import only: itself, ${allowed.join(', ') || 'nothing else of ours'} (docs/architecture.md)`,
}));
/** `except` works per zone on paths relative to `from`, so single files that are allowed get a zone of their own. */
const zonesWithFiles = zones.flatMap((zone) =>
  zone.from.map((from) => ({
    target: zone.target,
    from,
    except: MAY_IMPORT[zone.target.slice(2)]
      .filter((allowed) => allowed.startsWith(`${from.slice(2)}/`) && allowed.endsWith('.ts'))
      .map((allowed) => `./${allowed.slice(from.length - 1)}`),
    message: zone.message,
  })),
);

const LIBRARIES_OF_ADAPTERS = ['kafkajs', 'pg', 'kysely', '@electric-sql/pglite'];
const TEMPORAL = ['@temporalio/*'];
const restrict = (patterns, message) => ['error', { patterns: [{ group: patterns, message }] }];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.everstorm/**', '.everstorm-cluster/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/ignore': ['node_modules'],
      'import-x/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-implied-eval': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'max-lines': ['error', { max: 400 }],
      complexity: ['error', 12],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: zonesWithFiles }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Environment is read in src/config only.' },
      ],
    },
  },
  {
    files: ['src/model/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!\\./|\\.$|zod$|@noble/hashes/)', message: 'model imports zod (and the hash for ids) only.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/{expressions,orquesta,rules,conditions}/**/*.ts', 'workflows/**/*.ts'],
    rules: {
      'no-restricted-imports': restrict(
        ['node:*', 'fs', 'path', 'crypto', ...LIBRARIES_OF_ADAPTERS],
        'Runs in the workflow sandbox: no Node, no I/O.',
      ),
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setImmediate', 'require'],
    },
  },
  {
    files: ['src/{ports,services,http,cli,packs,config,telemetry}/**/*.ts'],
    rules: {
      'no-restricted-imports': restrict(
        [...LIBRARIES_OF_ADAPTERS, ...TEMPORAL],
        'Only src/adapters (and the runtimes workflows/, activities/, sensors/) name these libraries.',
      ),
    },
  },
  {
    files: ['src/{model,expressions,orquesta,rules,conditions}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Pure code takes the time as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Pure code takes randomness as an argument.',
        },
      ],
    },
  },
  {
    files: ['src/config/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['workflows/index.ts', 'packs/**/*.ts', '*.mjs', '*.js'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['test/**/*.ts'], rules: { complexity: 'off' } },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
);
