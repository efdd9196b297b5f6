// https://stryker-mutator.io/docs/stryker-js/configuration
export default {
  mutate: [
    'libs/policy/src/**/*.ts',
    '!**/*.spec.ts',
    '!**/index.ts',
    // These decide nothing: docs/technical/decision-engine.md#tests
    '!libs/policy/src/answers/**',
    '!libs/policy/src/approximate-bytes.ts',
    '!libs/policy/src/facts-digest.ts',
    '!libs/policy/src/steps.ts',
    '!libs/policy/src/casbin/describe-plan.ts',
    '!libs/policy/src/casbin/policy-error.ts',
  ],
  testRunner: 'specs',
  plugins: ['./tools/mutation/spec-runner.mjs'],
  // Modules are never unloaded, so a process must end at some time.
  maxTestRunnerReuse: 150,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // Few mutants need it: the runner tells those that never end by their steps.
  timeoutMS: 30_000,
  // What runs is copied, not the dependencies nor what is built.
  tempDirName: '.local/mutation',
  ignorePatterns: [
    ...['/apps', '/docs', '/prisma', '/tools', '/bench-results', '/libs/access', '/libs/contracts'],
    ...['/libs/local-stack', '/libs/platform', '/libs/testing', '/.local', '/.nx', 'dist'],
  ],
  disableTypeChecks: false,
  reporters: ['progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: 'bench-results/mutation.html' },
  jsonReporter: { fileName: 'bench-results/mutation.json' },
  incrementalFile: '.local/mutation.json',
  allowEmpty: false,
};
