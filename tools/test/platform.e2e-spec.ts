import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Gatekeeper } from '../api/gatekeeper.js';
import { GraphqlClient } from '../api/graphql-client.js';
import { masked, readExamples } from '../check/api-examples.js';
import { executeExamples } from './execute-examples.js';
import { PERMISSION } from './grant-stream.js';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';

describe('a platform with two replicas of gatekeeper', () => {
  let platform: TemporaryPlatform;
  let admin: TenantAdmin;

  beforeAll(async () => {
    platform = await startTemporaryPlatform(() => undefined, {
      replicas: 2,
      environment: {
        gatekeeper: ({ SYNC_OWNER_URL = '' }, service) => ({
          SYNC_OWNER_URL: SYNC_OWNER_URL.replace('127.0.0.1', 'localhost'),
          LEASE_MS: service === 'gatekeeper-2' ? '4000' : '3000',
        }),
        scopeManagement: { CLOCK_UNCERTAINTY_MS: '200' },
      },
    });
    admin = await platform.createTenant('replicas');
  }, 120_000);
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
    expect(first).toMatchObject({ LEASE_MS: '3000', SYNC_OWNER_URL: owner });
    expect(second).toMatchObject({ LEASE_MS: '4000', SYNC_OWNER_URL: owner });
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
