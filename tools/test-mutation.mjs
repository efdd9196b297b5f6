// `npm run test:mutation`: Stryker on libs/policy, with a runner of our own for its specs.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';

const root = fileURLToPath(new URL('..', import.meta.url));
const stryker = `${root}node_modules/@stryker-mutator/core/bin/stryker.js`;

const program = new Command('npm run test:mutation --')
  .description(
    'Changes the decision engine (libs/policy) in one small place after another and runs the tests ' +
      'that reach it: what no test notices is a survivor. Prints the survivors and the score, and ' +
      'exits with 1 where fewer than 90 % are noticed. The report to read is ' +
      'bench-results/mutation.html.',
  )
  .argument('[files...]', 'only these files, or lines of them: libs/policy/src/decide.ts:20-40')
  .option('--processes <n>', 'that mutants are run in, each on a core of its own', whole, 2)
  .parse();

const { processes } = program.opts();
const files = program.args.length > 0 ? ['--mutate', program.args.join(',')] : [];
const options = ['run', 'tools/mutation/stryker.config.mjs', '--concurrency', `${processes}`];
const { status } = spawnSync(process.execPath, [stryker, ...options, ...files], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);

function whole(text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number, 1 or more.');
}
