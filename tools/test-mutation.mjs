// `npm run test:mutation`: Stryker on the decision core, with a runner of our own for its specs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { compareSurvivors } from './mutation/survivors.mjs';
import stryker from './mutation/stryker.config.mjs';

const LEAST_SCORE = 90;
const CORE = 'libs/policy/src';
const root = fileURLToPath(new URL('..', import.meta.url));

const program = new Command('npm run test:mutation --')
  .description(
    'Changes the decision core in one small place after another and runs the tests that reach it: ' +
      'what no test notices is a survivor. Each survivor has to be listed in ' +
      'tools/mutation/equivalents.yaml, with the reason why it is the same program. Exits with 1 ' +
      `where one is not, where a listed one is noticed, or where under ${LEAST_SCORE} % are ` +
      'noticed. The report to read is bench-results/mutation.html.',
  )
  .argument('[parts...]', `folders and files of ${CORE} (casbin, decide.ts), not all of the core`)
  .option('--processes <n>', 'that mutants are run in, each on a core of its own', whole, 2)
  .option('--incremental', 'take over what an earlier run found out of what has not changed since')
  .parse();

const start = Date.now();
const { processes, incremental } = program.opts();
const { status } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/@stryker-mutator/core/bin/stryker.js`,
    ...['run', 'tools/mutation/stryker.config.mjs', '--concurrency', String(processes)],
    ...(incremental ? ['--incremental'] : []),
    ...(program.args.length > 0 ? ['--mutate', mutated(program.args).join()] : []),
  ],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);

const read = (path) => readFileSync(root + path, 'utf8');
const { mutants, noticed, survivors, unlisted, outdated } = compareSurvivors(
  JSON.parse(read(stryker.jsonReporter.fileName)),
  read('tools/mutation/equivalents.yaml'),
);
const score = (100 * noticed) / mutants;
for (const text of unlisted) console.log(`Survives, and is not listed:\n${text}`);
for (const text of outdated) console.log(`Is listed, and does not survive:\n${text}`);
console.log(
  `${score.toFixed(2)} % of ${mutants} mutants are noticed, in ${minutes()} minutes. ` +
    `${survivors} survive, ${unlisted.length} of them not listed; ` +
    `${outdated.length} are listed and do not.`,
);
process.exit(score >= LEAST_SCORE && unlisted.length + outdated.length === 0 ? 0 : 1);

function mutated(parts) {
  const files = parts.map((part) => `${CORE}/${part}${part.endsWith('.ts') ? '' : '/**/*.ts'}`);
  return [...files, ...stryker.mutate.filter((pattern) => pattern.startsWith('!'))];
}

function minutes() {
  return ((Date.now() - start) / 60_000).toFixed(1);
}

function whole(text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number, 1 or more.');
}
