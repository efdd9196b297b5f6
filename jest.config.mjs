// Two kinds of tests: `unit` (*.spec.ts, pure, no services) and `integration` (*.int-spec.ts and
// *.e2e-spec.ts, on a real PostgreSQL and a real RabbitMQ that start once for the whole run).
const shared = {
  testEnvironment: '<rootDir>/tools/jest-environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['@bastion/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.local/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default {
  testSequencer: '<rootDir>/tools/jest-sequencer.mjs',
  testTimeout: 60_000,
  // More would only wait for each other: they share one PostgreSQL and one RabbitMQ.
  maxWorkers: 2,
  // Modules of every suite stay in a process for good; one that grew to several GB is slower by an order.
  workerIdleMemoryLimit: '1GB',
  projects: [
    { ...shared, displayName: 'unit', testRegex: '\\.spec\\.ts$' },
    {
      ...shared,
      displayName: 'integration',
      testRegex: '\\.(int|e2e)-spec\\.ts$',
      globalSetup: '<rootDir>/libs/testing/services/start.mjs',
      globalTeardown: '<rootDir>/libs/testing/services/stop.mjs',
    },
  ],
};
