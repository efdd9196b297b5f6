// Runs jest over one folder (or everything): `node tools/jest.mjs [FOLDER] [jest options]`.
// Nest 12 is ESM only, so jest needs Node's VM modules; the flag is set here once for everybody.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings=ExperimentalWarning`;

const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: nodeOptions.trim() },
});
process.exit(status ?? 1);
