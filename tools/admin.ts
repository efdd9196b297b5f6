import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { REPOSITORY } from './stack/repository.js';
import { RUNNING_FILE, type Running } from './stack/running.js';

// The operator's command, on the databases of the running stack; with none running, on those that
// the environment names.
// A stack that does without a broker leaves AMQP_URL out: what told it so is not handed on.
const environment = existsSync(RUNNING_FILE)
  ? { AMQP_URL: undefined, ...readRunning().adminEnvironment }
  : {};
const script = `${REPOSITORY}apps/node-scope-management/dist/src/admin.js`;
spawn(process.execPath, [script, ...process.argv.slice(2)], {
  env: { ...process.env, ...environment },
  stdio: 'inherit',
}).on('exit', (code) => {
  process.exitCode = code ?? 1;
});

function readRunning(): Running {
  return JSON.parse(readFileSync(RUNNING_FILE, 'utf8')) as Running;
}
