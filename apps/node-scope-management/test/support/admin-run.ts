import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runAdmin } from '../../src/admin/run-admin.js';

const ADMIN = fileURLToPath(new URL('../../dist/src/admin.js', import.meta.url));

export interface AdminRun {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/**
 * Runs the operator's command as an operator does: in a process of its own, which must end by
 * itself. It takes seconds: for what only a process shows.
 */
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

/** Runs the operator's command in this process, by default with its environment. */
export async function runAdminHere(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<AdminRun> {
  let [out, error] = ['', ''];
  const own = process.env;
  process.env = environment;
  try {
    const status = await runAdmin(args, {
      out: { write: (text) => (out += text) },
      error: { write: (text) => (error += text) },
    });
    return { status, out, error };
  } finally {
    process.env = own;
  }
}
