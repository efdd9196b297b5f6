import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ADMIN = fileURLToPath(new URL('../../dist/src/admin.js', import.meta.url));

export interface AdminRun {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the operator's command as an operator does: in a process of its own. */
export async function runAdminProcess(
  environment: Record<string, string>,
  args: readonly string[],
): Promise<AdminRun> {
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn(process.execPath, [ADMIN, ...args], { env });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, error };
}
