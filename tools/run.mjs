// Entry of every root command: makes sure that the machine has what it needs, builds, then runs.
// Plain JavaScript without imports from npm, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;

const commands = {
  start: {
    about: 'Start everything on this machine and keep it running',
    run: (args) => program('start.js', args),
  },
  demo: {
    about: 'Tell the main job from end to end on a stack of its own',
    run: (args) => program('demo.js', args),
  },
  token: {
    about: 'Print a token for one of the people of the running stack: npm run token -- alice',
    needsRunningStack: true,
    run: (args) => program('token.js', args),
  },
  admin: {
    about: 'The operator’s command on the running stack: npm run admin -- --help',
    needsRunningStack: true,
    run: (args) => program('admin.js', args),
  },
  test: {
    about: 'All tests, on a real PostgreSQL and RabbitMQ that it starts itself',
    run: (args) => tool(process.execPath, ['tools/jest.mjs', ...args]),
  },
  'test:faults': {
    about: 'All that the sync must survive, for as long as you like: --help',
    run: (args) => program('test-faults.js', args),
  },
  'test:model': {
    about: 'Anything through GraphQL, several people at once, against a naive model: --help',
    run: (args) => program('test-model.js', args),
  },
  'test:mutation': {
    about: 'Whether the tests of the decision engine notice when it is changed: --help',
    run: (args) => tool(process.execPath, ['tools/test-mutation.mjs', ...args]),
  },
  'bench:policy': {
    about: 'How fast decisions are beside node-casbin and plain hash maps, and what rules cost',
    run: (args) => program('bench-policy.js', args),
  },
  'bench:service': {
    about: 'How fast checks are over HTTP, beside bare servers and rivals',
    run: (args) => program('bench-service.js', args),
  },
  'bench:sync': {
    about: 'How fast changes are enforced everywhere, and what the outbox costs',
    run: (args) => program('bench-sync.js', args),
  },
  'bench:tree': {
    about: 'What moving a scope costs, with 100,000 below it and with none',
    run: (args) => program('bench-tree.js', args),
  },
  'bench:writes': {
    about: 'What a write costs in a tenant of ten users, and of a million',
    run: (args) => program('bench-writes.js', args),
  },
  lint: {
    about: 'Style, types in use, and who may import whom',
    run: () => {
      tool(bin('eslint'), ['.', '--max-warnings', '0']);
      tool(bin('depcruise'), ['libs', 'apps', 'tools', '--config', '.dependency-cruiser.cjs']);
    },
  },
  typecheck: {
    about: 'Types of all code and tests',
    run: () => tool(bin('tsc'), ['-b', 'tsconfig.json']),
  },
  check: {
    about: 'All static checks: formatting, generated files up to date, schema drift',
    run: (args) => program('check.js', args),
  },
  generate: {
    about: 'Write the generated files anew: GraphQL schemas, event contracts, API pages',
    run: (args) => program('generate.js', args),
  },
  build: { about: 'Build everything', run: () => {} },
};

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.log('Usage: npm run COMMAND [-- OPTIONS]\n');
  for (const [each, { about }] of Object.entries(commands))
    console.log(`  ${each.padEnd(13)} ${about}`);
  process.exit(name === '--help' ? 0 : 2);
}
requireNode();
// What works on a running stack finds it built, and should not wait for a look at that.
if (!command.needsRunningStack || !existsSync(`${root}tools/dist/token.js`)) {
  installDependencies();
  build();
}
await command.run(args);

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
}

/** `npm ci` when the lockfile is not the one that node_modules was made from. */
function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  const mark = `${root}node_modules/.installed-lockfile`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.error('Installing dependencies (npm ci; about a minute) …');
  // To the error stream: what a command prints may be piped on.
  tool('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], ['ignore', 2, 2]);
  writeFileSync(mark, lock);
}

/** Incremental and cached: two seconds when nothing has changed. */
function build() {
  const result = spawnSync(bin('nx'), ['run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status === 0) return;
  fail(`The build failed:\n${result.stdout}${result.stderr}`);
}

/** Runs a built program in this very process, so that no go-between can outlive or orphan it. */
async function program(file, argv) {
  const path = `${root}tools/dist/${file}`;
  process.argv = [process.execPath, path, ...argv];
  await import(pathToFileURL(path).href);
}

function tool(file, argv, stdio = 'inherit') {
  const { status, error } = spawnSync(file, argv, { cwd: root, stdio });
  if (error) fail(`${file}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
