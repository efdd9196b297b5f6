import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { fetchToken } from '../src/identity/fetch-token.js';
import { type LocalStack, startLocalStack } from '../src/local-stack.js';
import { databaseUrl, withConnection } from '../src/postgres/database-server.js';
import { readStackConfig, type StackConfig } from '../src/stack.config.js';
import {
  GATEKEEPER_ROLES,
  type MigrationFolders,
  SCOPE_MANAGEMENT_ROLES,
} from '../src/stack-databases.js';
import type { StackStep } from '../src/stack-parts.js';
import { CACHE, temporaryFolder } from './ground.js';
import { writeSampleMigrations } from './sample-migrations.js';

describe('a local stack', () => {
  const path = temporaryFolder();
  const migrations = writeSampleMigrations(join(path, 'migrations'));
  let stack: LocalStack;
  let steps: StackStep[];

  beforeAll(async () => {
    stack = await start('main', readStackConfig({}));
  }, 240_000);

  afterAll(async () => {
    await stack.stop();
    rmSync(path, { recursive: true });
  }, 60_000);

  it('hands out one login per role, each for its own database', async () => {
    const { scopeManagement, gatekeeper } = stack.databases;
    for (const role of SCOPE_MANAGEMENT_ROLES) {
      expect(await whoAmI(scopeManagement[role])).toEqual({ role, database: 'scope_management' });
    }
    for (const role of GATEKEEPER_ROLES) {
      expect(await whoAmI(gatekeeper[role])).toEqual({ role, database: 'gatekeeper' });
    }
    const url = databaseUrl(scopeManagement.scope_management_relay, 'scope_management');
    await expect(
      withConnection(url, (client) => client.query('SELECT * FROM note')),
    ).rejects.toThrow('permission denied');
  });

  it('hands out a broker and an issuer that work', async () => {
    const broker = await connect(stack.amqpUrl!);
    await broker.close();
    stack.identityProvider?.addPerson({ name: 'alice', subject: 'a', tenantId: 'acme' });
    expect(await fetchToken(stack.issuer, { person: 'alice' })).toMatch(/^ey/);
  });

  it('tells when each part starts and is ready', () => {
    const told = steps.map((step) => ('part' in step ? `${step.part} ${step.state}` : step.detail));
    for (const part of ['PostgreSQL', 'databases', 'RabbitMQ', 'identity provider']) {
      expect(told).toEqual(expect.arrayContaining([`${part} STARTING`, `${part} READY`]));
    }
  });

  it('starts nothing of what the environment names elsewhere', async () => {
    await stack.postgres?.server.createDatabase('own_scope_management');
    await stack.postgres?.server.createDatabase('own_gatekeeper');
    const { owner } = stack.databases.gatekeeper;
    const config = readStackConfig({
      DATABASE_URL_SCOPE_MANAGEMENT: databaseUrl(owner, 'own_scope_management'),
      DATABASE_URL_GATEKEEPER: databaseUrl(owner, 'own_gatekeeper'),
      AMQP_URL: stack.amqpUrl,
      OIDC_ISSUER: stack.issuer,
    });

    const guest = await start('guest', config);

    try {
      expect(guest.postgres ?? guest.rabbitMq ?? guest.identityProvider).toBeUndefined();
      expect(guest).toMatchObject({ amqpUrl: stack.amqpUrl, issuer: stack.issuer });
      expect(await whoAmI(guest.databases.gatekeeper.gatekeeper_app)).toEqual({
        role: 'gatekeeper_app',
        database: 'own_gatekeeper',
      });
    } finally {
      await guest.stop();
    }
  }, 60_000);

  it('gives each database a server of its own where that is asked for, to be restored alone', async () => {
    const config = readStackConfig({ AMQP_URL: 'none', OIDC_ISSUER: stack.issuer });
    const apart = await start('apart', config, migrations, true);
    try {
      const { scopeManagement, gatekeeper } = apart.databaseServers;
      expect(gatekeeper!.port).not.toBe(scopeManagement!.port);
      const note = (id: number) => `INSERT INTO note VALUES (${id})`;
      const { databases } = apart;
      await gatekeeper!.backup('empty');
      for (const { owner } of [databases.scopeManagement, databases.gatekeeper]) {
        await withConnection(owner, (client) => client.query(note(1)));
      }

      await gatekeeper!.restore('empty');

      const notes = (url: string) =>
        withConnection(url, async (client) => (await client.query('SELECT id FROM note')).rows);
      expect(await notes(databases.gatekeeper.owner)).toEqual([]);
      expect(await notes(databases.scopeManagement.owner)).toEqual([{ id: 1 }]);
      expect(await whoAmI(databases.gatekeeper.gatekeeper_app)).toEqual({
        role: 'gatekeeper_app',
        database: 'gatekeeper',
      });
    } finally {
      await apart.stop();
    }
  }, 60_000);

  it('leaves nothing running and the folder free when a part does not start', async () => {
    const broken = writeSampleMigrations(join(path, 'broken'));
    writeFileSync(join(broken.gatekeeper, '1_first', 'migration.sql'), 'SELECT 1 / 0');
    const config = readStackConfig({ AMQP_URL: stack.amqpUrl, OIDC_ISSUER: stack.issuer });

    await expect(start('failing', config, broken)).rejects.toThrow('division by zero');
    // Were its PostgreSQL still running or its folder still held, this one would be told so.
    await expect(start('failing', config, broken)).rejects.toThrow(
      'Migration 1_first failed earlier',
    );
  }, 60_000);

  function start(
    name: string,
    config: StackConfig,
    folders: MigrationFolders = migrations,
    separateDatabases = false,
  ): Promise<LocalStack> {
    steps = [];
    return startLocalStack({
      stateFolder: join(path, name),
      cacheFolder: CACHE,
      config,
      migrations: folders,
      report: (step) => steps.push(step),
      separateDatabases,
    });
  }

  function whoAmI(url: string): Promise<unknown> {
    return withConnection(url, async (client) => {
      const { rows } = await client.query(
        'SELECT current_user::text AS role, current_database()::text AS database',
      );
      return rows[0] as unknown;
    });
  }
});
