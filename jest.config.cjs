const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.everstorm', '<rootDir>/.everstorm-cluster'],
};

const servers = {
  globalSetup: '<rootDir>/test/helpers/global-setup.ts',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.ts',
};

/** What takes too long for each commit: only `npm run nightly` asks for it. */
const nightly = { ...common, ...servers, displayName: 'nightly', testMatch: ['<rootDir>/test/nightly/**/*.test.ts'] };

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/conformance/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,replay,compat}/**/*.test.ts'],
      ...servers,
    },
    ...(process.env.EVERSTORM_NIGHTLY ? [nightly] : []),
  ],
};
