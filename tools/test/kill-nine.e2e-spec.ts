import { seededRandom } from '../demo/matrix/seeded-random.js';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';
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

describe('kill -9 while grants and revokes stream', () => {
  let platform: TemporaryPlatform;
  let admin: TenantAdmin;

  beforeAll(async () => {
    platform = await startTemporaryPlatform(() => undefined);
    admin = await platform.createTenant('streaming');
  }, 120_000);
  afterAll(() => platform.stop(), 60_000);

  it(`leaves every decision as acknowledged after ${WRITES} writes and ${KILLS.size} kills`, async () => {
    const seed = Date.now() % 1_000_000;
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
