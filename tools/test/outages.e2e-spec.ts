import { setTimeout as sleep } from 'node:timers/promises';
import { runAdmin } from '../stack/admin-command.js';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';
import { seededRandom } from '../demo/matrix/seeded-random.js';
import { createField, GrantStream } from './grant-stream.js';

const WRITES = 1_000;
/** After which write whom is killed; each is started again while the stream goes on. */
const KILLS = new Map<number, 'scopeManagement' | 'gatekeeper'>([
  [150, 'gatekeeper'],
  [300, 'scopeManagement'],
  [500, 'gatekeeper'],
  [650, 'scopeManagement'],
  [651, 'gatekeeper'],
  [900, 'scopeManagement'],
]);

describe('outages', () => {
  let platform: TemporaryPlatform;
  let admin: TenantAdmin;
  let stream: GrantStream;

  beforeAll(async () => {
    platform = await startTemporaryPlatform(() => undefined);
    admin = await platform.createTenant('outages');
    stream = new GrantStream(admin, await createField(admin, 10, 5), seededRandom(7));
  }, 120_000);
  afterAll(() => platform.stop(), 60_000);

  const write = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await stream.toggle();
  };

  it('takes writes while RabbitMQ is down, enforces them by pulling, and publishes them once it is back', async () => {
    await write(10);
    await platform.stack.rabbitMq!.stop();
    await write(50);
    expect(await stream.differences()).toEqual([]);

    await platform.stack.rabbitMq!.start();
    await untilOutboxIsEmpty(platform);
    await write(10);
    expect(await stream.differences()).toEqual([]);
  }, 120_000);

  it('takes writes while gatekeeper is down, and answers from all of them when it is back', async () => {
    await platform.gatekeeper.kill();
    await write(50);
    await platform.gatekeeper.start();
    expect(await stream.differences()).toEqual([]);
  }, 120_000);

  it('denies with STALE, never allows, once the owner has been gone for longer than the lease', async () => {
    await write(1);
    expect(await stream.differences()).toEqual([]);
    const { me } = await admin.client.request<{ me: { user: { id: string } } }>(
      '{ me { user { id } } }',
    );
    await platform.scopeManagement.kill();
    const question = {
      principalId: me.user.id,
      permission: 'document:read',
      scopeId: admin.rootScopeId,
    };
    const reasons = new Set<string>();
    while (!reasons.has('STALE')) reasons.add((await admin.gatekeeper.check(question)).reason);
    for (let i = 0; i < 50; i += 1) {
      expect(await admin.gatekeeper.check(question)).toMatchObject({
        allowed: false,
        reason: 'STALE',
      });
    }

    await platform.scopeManagement.start();
    await write(1);
    expect(await stream.differences()).toEqual([]);
  }, 120_000);

  it(`leave every decision as acknowledged: ${KILLS.size} kill -9 in a stream of ${WRITES} writes`, async () => {
    const seed = Date.now() % 1_000_000;
    const admin = await platform.createTenant('streaming');
    const field = await createField(admin, 20, 10);
    const stream = new GrantStream(admin, field, seededRandom(seed));
    const restarts: Promise<void>[] = [];
    for (let write = 1; write <= WRITES; write += 1) {
      await stream.toggle();
      const victim = KILLS.get(write);
      if (!victim) continue;
      // Not awaited: the stream meets a service that is gone, and one that is coming up.
      restarts.push(platform[victim].kill().then(() => platform[victim].start()));
    }
    await Promise.all(restarts);

    expect(stream.size).toBeGreaterThan(0);
    expect({ seed, differences: await stream.differences() }).toEqual({ seed, differences: [] });
  }, 300_000);
});

/** Resolves when the relay has published all there is; asks the operator's command. */
async function untilOutboxIsEmpty({ adminEnvironment }: TemporaryPlatform): Promise<void> {
  for (;;) {
    const status = (await runAdmin(adminEnvironment, ['status'])) as {
      outbox: { pending: number };
    };
    if (status.outbox.pending === 0) return;
    await sleep(100);
  }
}
