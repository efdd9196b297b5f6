// https://stryker-mutator.io/docs/stryker-js/configuration
export default {
  mutate: [
    'libs/policy/src/**/*.ts',
    '!**/*.spec.ts',
    '!**/index.ts',
    // What facts weigh in memory, and their digest, decide nothing.
    '!libs/policy/src/approximate-bytes.ts',
    '!libs/policy/src/facts-digest.ts',
    '!libs/policy/src/steps.ts',
  ],
  testRunner: 'specs',
  plugins: ['./tools/mutation/spec-runner.mjs'],
  // Modules are never unloaded, so a process must end at some time.
  maxTestRunnerReuse: 150,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A mutant that never ends is told from one that is slow on a busy machine.
  timeoutMS: 8_000,
  timeoutFactor: 1.5,
  // What runs is copied, not the dependencies nor what is built.
  tempDirName: '.local/mutation',
  ignorePatterns: [
    ...['/apps', '/docs', '/prisma', '/tools', '/bench-results', '/libs/access', '/libs/contracts'],
    ...['/libs/local-stack', '/libs/platform', '/libs/testing', '/.local', '/.nx', 'dist'],
  ],
  disableTypeChecks: false,
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: {
    allowColor: false,
    logTests: false,
    reportTests: false,
    reportScoreTable: true,
  },
  htmlReporter: { fileName: 'bench-results/mutation.html' },
  jsonReporter: { fileName: 'bench-results/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
  allowEmpty: false,
};
