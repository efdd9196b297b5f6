import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Gatekeeper } from '../api/gatekeeper.js';
import { GraphqlClient } from '../api/graphql-client.js';
import { masked, readExamples } from '../check/api-examples.js';
import { executeExamples } from './execute-examples.js';
import { seededRandom } from '../demo/matrix/seeded-random.js';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';
import { createField, GrantStream, PERMISSION } from './grant-stream.js';
import { Load } from './load.js';
import { ReadyReplicas } from './ready-replicas.js';

/** Longer than it takes until a client has heard that a replica is no longer ready. */
const DRAIN_MS = 4_000;
/** What a slow machine makes of six clients that never pause is no matter of restarts. */
const NEVER_OVERLOADED = { MAX_EVENT_LOOP_DELAY_MS: '60000' };
/** As many are answered by each replica before, between and after the restarts. */
const ANSWERS_BETWEEN = 200;

describe('a platform with two replicas of gatekeeper', () => {
  let platform: TemporaryPlatform;
  let admin: TenantAdmin;

  beforeAll(async () => {
    platform = await startTemporaryPlatform(() => undefined, {
      replicas: 2,
      environment: {
        gatekeeper: ({ SYNC_OWNER_URL = '' }, service) => ({
          SYNC_OWNER_URL: SYNC_OWNER_URL.replace('127.0.0.1', 'localhost'),
          LEASE_MS: service === 'gatekeeper-2' ? '7000' : '6000',
          SHUTDOWN_DRAIN_MS: String(DRAIN_MS),
          ...NEVER_OVERLOADED,
        }),
        scopeManagement: { CLOCK_UNCERTAINTY_MS: '200' },
      },
    });
    admin = await platform.createTenant('replicas');
  }, 240_000);
  afterAll(() => platform.stop(), 60_000);

  it('lets each be asked, and both enforce what was written', async () => {
    const user = await admin.api.createUser('ann', 'subject-of-ann');
    const scopeId = admin.rootScopeId;
    const question = { principalId: user.id, permission: PERMISSION, scopeId };
    const grant = {
      granteeKind: 'USER',
      granteeId: user.id,
      roleId: admin.roleId('reader'),
      scopeId,
    } as const;
    const granted = await admin.api.assignRole(grant);
    const answers = (atLeast: string) =>
      Promise.all(admin.gatekeepers.map((gatekeeper) => gatekeeper.check(question, atLeast)));

    expect(await answers(granted.consistencyToken)).toMatchObject([
      { allowed: true },
      { allowed: true },
    ]);
    const revoked = await admin.api.unassignRole(granted.id);
    expect(await answers(revoked.consistencyToken)).toMatchObject([
      { allowed: false, reason: 'NO_ASSIGNMENT' },
      { allowed: false, reason: 'NO_ASSIGNMENT' },
    ]);
  });

  it('answers every example of the documentation as it is written there', async () => {
    const examples = readExamples();
    const answers = await executeExamples(platform, await platform.createTenant('examples'));
    if (process.env['WRITE_EXAMPLES'] === '1') {
      for (const { name, answerFile } of examples) {
        writeFileSync(answerFile, `${JSON.stringify(masked(answers.get(name)), null, 2)}\n`);
      }
    }
    for (const { name, answer } of readExamples()) {
      expect([name, masked(answers.get(name))]).toEqual([name, answer]);
    }
  });

  it('lets a service account get a token of our own and ask both with it', async () => {
    const account = await admin.api.createServiceAccount('robot', 'subject-of-robot');
    const { createServiceAccountCredential: made } = await admin.client.request<{
      createServiceAccountCredential: { clientId: string; secret: string };
    }>(
      `mutation ($input: CreateServiceAccountCredentialInput!) {
        createServiceAccountCredential(input: $input) { clientId secret }
      }`,
      { input: { serviceAccountId: account.id } },
    );
    const granted = await admin.api.assignRole({
      granteeKind: 'SERVICE_ACCOUNT',
      granteeId: account.id,
      roleId: admin.roleId('reader'),
      scopeId: admin.rootScopeId,
    });
    const fetchToken = async (): Promise<string> => {
      const response = await fetch(`${platform.scopeManagementUrl}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: made.clientId,
          client_secret: made.secret,
        }),
      });
      return ((await response.json()) as { access_token: string }).access_token;
    };
    const question = {
      principalId: account.id,
      permission: PERMISSION,
      scopeId: admin.rootScopeId,
    };
    for (const { url } of platform.gatekeepers) {
      const itself = new Gatekeeper(new GraphqlClient(url, fetchToken));
      expect(await itself.check(question, granted.consistencyToken)).toMatchObject({
        allowed: true,
      });
    }
  });

  it('runs each as a process of its own, with a log of its own', () => {
    const services = platform.gatekeepers.map(({ service }) => service);
    expect(services.map(({ name }) => name)).toEqual(['gatekeeper', 'gatekeeper-2']);
    expect(new Set(services.map(({ pid }) => pid)).size).toBe(2);
    for (const { name } of services)
      expect(existsSync(platform.stack.state.logFile(name))).toBe(true);
  });

  it('gives a service the changes that were asked for, each replica its own', () => {
    const [first, second] = platform.gatekeepers.map(({ service }) => environmentOf(service.pid));
    const owner = platform.scopeManagementUrl.replace('127.0.0.1', 'localhost');
    expect(first).toMatchObject({ LEASE_MS: '6000', SYNC_OWNER_URL: owner });
    expect(second).toMatchObject({ LEASE_MS: '7000', SYNC_OWNER_URL: owner });
    const { CLOCK_UNCERTAINTY_MS } = environmentOf(platform.scopeManagement.pid);
    expect(CLOCK_UNCERTAINTY_MS).toBe('200');
  });

  it('tells the operator’s command where every replica is', () => {
    expect(platform.adminEnvironment).toMatchObject({
      GATEKEEPER_URLS: platform.gatekeepers.map(({ url }) => url).join(','),
      SYNC_CLIENT_ID: 'gatekeeper-sync',
      SYNC_CLIENT_SECRET: platform.stack.state.secret('sync-client'),
    });
  });

  it('refuses no check and answers none wrongly while each is restarted in turn, under load', async () => {
    const seed = Date.now() % 1_000_000;
    const stream = new GrantStream(admin, await createField(admin, 10, 5), seededRandom(seed));
    const replicas = await ReadyReplicas.watch(platform.gatekeepers.map(({ url }) => url));
    const load = new Load(admin, stream, replicas);
    load.begin();
    try {
      await load.untilAnswered(ANSWERS_BETWEEN);
      for (const [index, { service }] of platform.gatekeepers.entries()) {
        const { pid } = service;
        await service.stop();
        expect(replicas.isReady(index)).toBe(false);
        await service.start();
        expect(service.pid).not.toBe(pid);
        await load.untilAnswered(ANSWERS_BETWEEN);
      }
    } finally {
      await load.end();
      await replicas.stop();
    }

    expect({ seed, failures: load.failures, wrong: load.wrong }).toEqual({
      seed,
      failures: [],
      wrong: [],
    });
    // Few pairs were being changed just then, or the comparison would say nothing.
    expect(load.compared).toBeGreaterThan((load.answers[0]! + load.answers[1]!) * 0.8);
    expect(stream.size).toBeGreaterThan(0);
    expect(await stream.differences()).toEqual([]);
  }, 300_000);
});

/** What a running process was started with. */
function environmentOf(pid: number | undefined): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    }),
  );
}
