import { spawnSync } from 'node:child_process';
import { REPOSITORY } from '../stack/repository.js';

export interface CommandResult {
  readonly status: number;
  readonly output: string;
}

/** Runs a command in a folder of the repository and returns what it printed. */
export function runCommand(
  file: string,
  args: readonly string[],
  {
    folder = '.',
    environment = {},
  }: { folder?: string; environment?: Record<string, string> } = {},
): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: `${REPOSITORY}${folder}`,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  return { status: status ?? 1, output: `${stdout}${stderr}`.trim() };
}

export const localBin = (name: string): string => `${REPOSITORY}node_modules/.bin/${name}`;
