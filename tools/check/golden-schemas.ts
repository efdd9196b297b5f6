import { readFileSync, writeFileSync } from 'node:fs';
import { REPOSITORY } from '../stack/repository.js';
import { runCommand } from './command.js';

const APPS = ['gatekeeper', 'node-scope-management'] as const;

const goldenFile = (app: string): string => `${REPOSITORY}libs/contracts/schema/${app}.graphql`;

/** Writes the golden GraphQL schema of each service anew. Throws with the output of one that fails. */
export function writeGoldenSchemas(): void {
  for (const app of APPS) {
    const { status, output } = runCommand('npm', [
      'run',
      '--silent',
      'schema',
      '-w',
      `apps/${app}`,
    ]);
    if (status !== 0) throw new Error(`the schema of ${app} could not be written:\n${output}`);
  }
}

/** The services whose golden schema is not what the code says; the files stay as they are. */
export function staleGoldenSchemas(): string[] {
  const before = APPS.map((app) => readFileSync(goldenFile(app), 'utf8'));
  writeGoldenSchemas();
  return APPS.filter((app, index) => {
    const isStale = readFileSync(goldenFile(app), 'utf8') !== before[index];
    if (isStale) writeFileSync(goldenFile(app), before[index]!);
    return isStale;
  });
}
