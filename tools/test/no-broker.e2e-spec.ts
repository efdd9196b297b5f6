import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';
import { readToolsConfig } from '../stack/tools.config.js';
import { seededRandom } from '../demo/matrix/seeded-random.js';
import { createField, GrantStream } from './grant-stream.js';

describe('a platform without a broker', () => {
  let platform: TemporaryPlatform;
  let admin: TenantAdmin;

  beforeAll(async () => {
    platform = await startTemporaryPlatform(() => undefined, {
      config: readToolsConfig({ AMQP_URL: 'none' }),
      replicas: 2,
    });
    admin = await platform.createTenant('polling');
  }, 120_000);
  afterAll(() => platform.stop(), 60_000);

  it('enforces every grant and every revocation, by polling', async () => {
    expect(platform.stack.amqpUrl).toBeUndefined();
    const field = await createField(admin, 5, 4);
    const stream = new GrantStream(admin, field, seededRandom(11));
    for (let write = 0; write < 60; write += 1) await stream.toggle();

    expect(stream.size).toBeGreaterThan(0);
    expect(await stream.differences()).toEqual([]);
  }, 60_000);

  it('takes a revocation to every replica without anybody asking for its revision', async () => {
    const user = await admin.api.createUser('ann', 'subject-of-ann');
    const scopeId = admin.rootScopeId;
    const question = { principalId: user.id, permission: 'document:read', scopeId };
    const roleId = admin.roleId('reader');
    const grant = { granteeKind: 'USER', granteeId: user.id, roleId, scopeId } as const;
    const granted = await admin.api.assignRole(grant);
    for (const gatekeeper of admin.gatekeepers) {
      expect(await gatekeeper.check(question, granted.consistencyToken)).toMatchObject({
        allowed: true,
      });
    }

    await admin.api.unassignRole(granted.id);

    for (const gatekeeper of admin.gatekeepers) {
      let answer = await gatekeeper.check(question);
      while (answer.allowed) answer = await gatekeeper.check(question);
      expect(answer.reason).toBe('NO_ASSIGNMENT');
    }
  }, 60_000);
});
