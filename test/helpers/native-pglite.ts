import { runInThisContext } from 'node:vm';

/**
 * The real PGlite, loaded by Node instead of by Jest: PGlite imports its files dynamically, which Jest's VM refuses
 * (ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG). Use: `jest.mock('@electric-sql/pglite', () => jest.requireActual('<path>/native-pglite'))`.
 * Node's own context, which `runInThisContext` reaches, has the `require` that Jest replaces.
 */
const nodeProcess = runInThisContext('process') as NodeJS.Process;
const native = nodeProcess.getBuiltinModule('node:module').createRequire(__filename)('@electric-sql/pglite') as {
  PGlite: unknown;
};

export const PGlite = native.PGlite;
