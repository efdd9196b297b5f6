import { staleApiPages } from './check/api-pages.js';
import { localBin, runCommand } from './check/command.js';
import { staleContractDocuments } from './check/contract-documents.js';
import { staleGoldenSchemas } from './check/golden-schemas.js';
import { undeclaredDependencies } from './check/package-dependencies.js';
import { brokenSchemas } from './check/schema-changes.js';
import { schemaDrift } from './check/schema-drift.js';

interface Check {
  readonly name: string;
  /** What is wrong, and how to mend it; empty when nothing is. */
  readonly run: () => string[] | Promise<string[]>;
}

const checks: Check[] = [
  { name: 'formatting', run: formatting },
  { name: 'the lockfile installs', run: lockfile },
  {
    name: 'packages name what they build on',
    run: () =>
      undeclaredDependencies().map(
        (each) => `${each}: say it in package.json and in tsconfig.json, or in neither`,
      ),
  },
  {
    name: 'golden GraphQL schemas',
    run: () =>
      staleGoldenSchemas().map((app) => `${app}: run \`npm run generate\` and look at the change`),
  },
  { name: 'GraphQL schemas break no client of the last release', run: brokenSchemas },
  {
    name: 'event contracts',
    run: async () =>
      (await staleContractDocuments()).map(
        (file) => `${file}: run \`npm run generate\` and look at the change`,
      ),
  },
  {
    name: 'API pages',
    run: async () =>
      (await staleApiPages()).map(
        (file) => `docs/api/${file}: run \`npm run generate\` and look at the change`,
      ),
  },
  { name: 'migrations lead to schema.prisma', run: schemaDrift },
];

let failed = 0;
for (const { name, run } of checks) {
  const problems = await run();
  console.log(`${problems.length === 0 ? '✔' : '✗'} ${name}`);
  for (const problem of problems) console.log(`  ${problem}`);
  if (problems.length > 0) failed += 1;
}
console.log(`checks: ${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function formatting(): string[] {
  const { status, output } = runCommand(localBin('prettier'), ['--check', '.', '--log-level=warn']);
  return status === 0 ? [] : [`${output}\n  Run \`npm run format\`.`];
}

/** A lockfile written where a platform's binary was missing installs nowhere else. */
function lockfile(): string[] {
  const { output } = runCommand('npm', ['ci', '--dry-run', '--ignore-scripts']);
  return output.split('\n').filter((line) => line.includes('Missing:'));
}
