// Jest's global set-up for integration tests: one real PostgreSQL and one real RabbitMQ for the
// whole run, in a temporary folder, unless BASTION_TEST_PG_URL and BASTION_TEST_AMQP_URL name some.
// JavaScript on the built library, because Jest loads it outside its own module system.
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStackConfig, startLocalStack } from '@bastion/local-stack';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export default async function startServices() {
  if (process.env.BASTION_TEST_PG_URL && process.env.BASTION_TEST_AMQP_URL) return;
  const stateFolder = mkdtempSync(join(tmpdir(), 'bastion-test-'));
  // PostgreSQL runs as another user, who must be able to enter.
  chmodSync(stateFolder, 0o755);
  const stack = await startLocalStack({
    stateFolder,
    cacheFolder: `${root}.local/cache`,
    config: readStackConfig({}),
    migrations: {
      scopeManagement: `${root}prisma/scope-management/migrations`,
      gatekeeper: `${root}prisma/gatekeeper/migrations`,
    },
    report: ({ state, part, detail }) => {
      if (state !== 'READY') process.stderr.write(`${part ?? ''} ${detail ?? 'starting'}\n`);
    },
  });
  if (!stack.amqpUrl) {
    await stack.stop();
    throw new Error(
      'The integration tests need a RabbitMQ, and there is none to be had (see above).',
    );
  }
  process.env.BASTION_TEST_PG_URL = stack.postgres.superuserUrl;
  process.env.BASTION_TEST_AMQP_URL = stack.amqpUrl;
  globalThis.bastionTestServices = { stack, stateFolder };
}
