import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalStack } from '@bastion/local-stack';
import { REPOSITORY } from '../stack/repository.js';
import { localBin, runCommand } from './command.js';

const SCHEMAS = [
  { app: 'node-scope-management', folder: 'scope-management' },
  { app: 'gatekeeper', folder: 'gatekeeper' },
] as const;

/** `prisma migrate diff --exit-code`: the migrations lead to another schema. */
const DIFFERS = 2;

/** Nothing of the stack but PostgreSQL is needed; these are never connected to. */
const UNUSED = { amqpUrl: 'amqp://127.0.0.1:1', issuer: 'http://127.0.0.1:1' };

/** How the migrations differ from schema.prisma, per schema that drifted. */
export async function schemaDrift(): Promise<string[]> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'bastion-check-'));
  chmodSync(stateFolder, 0o755);
  const stack = await startLocalStack({
    stateFolder,
    cacheFolder: `${REPOSITORY}.local/cache`,
    config: { databaseUrls: {}, ports: {}, ...UNUSED },
    migrations: {
      scopeManagement: `${REPOSITORY}prisma/scope-management/migrations`,
      gatekeeper: `${REPOSITORY}prisma/gatekeeper/migrations`,
    },
    report: () => undefined,
  });
  try {
    return SCHEMAS.flatMap(({ app, folder }) => {
      const { status, output } = runCommand(
        localBin('prisma'),
        [
          ...['migrate', 'diff', '--config', 'prisma.config.ts', '--exit-code'],
          ...['--from-migrations', `../../prisma/${folder}/migrations`],
          ...['--to-schema', `../../prisma/${folder}/schema.prisma`],
        ],
        { folder: `apps/${app}`, environment: { DATABASE_URL: stack.databases.gatekeeper.owner } },
      );
      if (status === 0) return [];
      return [`prisma/${folder}: ${status === DIFFERS ? 'drifted' : 'not checked'}\n${output}`];
    });
  } finally {
    await stack.stop();
    rmSync(stateFolder, { recursive: true, force: true });
  }
}
