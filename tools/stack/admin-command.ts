import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { REPOSITORY } from './repository.js';

const SCRIPT = `${REPOSITORY}apps/node-scope-management/dist/src/admin.js`;

/**
 * Runs the operator's command and returns what it printed with `--json`.
 * @throws Error with what it printed on the error stream
 */
export async function runAdmin(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<unknown> {
  const child = spawn(process.execPath, [SCRIPT, ...args, '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let problems = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problems += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`admin ${args.join(' ')} failed: ${problems.trim() || out}`);
  return JSON.parse(out) as unknown;
}
