import { tenantFacts } from '@bastion/testing';
import { eventually } from './support/eventually.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

interface Check {
  readonly allowed: boolean;
  readonly reason: string;
  readonly consistencyToken: string | null;
}

const CHECK = `query ($input: CheckInput!) {
  check(input: $input) { allowed reason consistencyToken }
}`;

/** Alice may read; then that is taken from her. */
const granted = tenantFacts()
  .user('alice')
  .scope('ws')
  .role('reader', ['document:read'])
  .assign('alice', 'reader', 'ws', { id: 'a-alice' })
  .facts();
const revoked = { type: 'role-unassigned', assignmentId: 'a-alice' } as const;

let world: GatekeeperWorld;
let replica: Replica;

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
});

afterAll(() => world.stop());

async function check(tenantId: string, { of = replica, atLeast }: Asked = {}): Promise<Check> {
  const { data, errors } = await world.graphql<{ check: Check }>(
    of,
    await world.token(tenantId, 'alice'),
    CHECK,
    { input: { permission: 'document:read', scopeId: 'ws', atLeast } },
  );
  const refused = { allowed: false, consistencyToken: null };
  return data?.check ?? { ...refused, reason: errors?.[0]?.extensions.code ?? 'NONE' };
}

interface Asked {
  readonly of?: Replica;
  readonly atLeast?: string;
}

const answers = (tenantId: string, reason: string, asked?: Asked) =>
  eventually(
    `${reason} in ${tenantId}`,
    async () => (await check(tenantId, asked)).reason === reason,
  );

const projected = (tenantId: string, expected: object) =>
  eventually(`${tenantId} as ${JSON.stringify(expected)}`, async () => {
    const [row] = await world.database.query(
      `SELECT epoch, revision::int, state, state_reason FROM projection_cursors
       WHERE tenant_id = $1`,
      [tenantId],
    );
    return JSON.stringify(row) === JSON.stringify(expected);
  });

const following = (epoch: number, revision: number) => ({
  epoch,
  revision,
  state: 'FOLLOWING',
  state_reason: null,
});

/** A tenant where Alice's right was taken, and the owner restored to before that. */
async function restoredTenant(tenantId: string): Promise<void> {
  world.owner.commit(tenantId, eventsOf(granted));
  await answers(tenantId, 'ALLOWED_BY');
  await projected(tenantId, following(1, 1));
  world.owner.commit(tenantId, [revoked]);
  await answers(tenantId, 'NO_ASSIGNMENT');
  await projected(tenantId, following(1, 2));
  world.owner.restore(tenantId, 1);
}

describe('a tenant whose owner was restored to before a revocation', () => {
  it.each([
    ['WENT_BACK', 0],
    ['REWRITTEN', 1],
    ['REWRITTEN', 2],
  ])('is fenced, and nobody gets back what was taken: %s, %d writes on', async (fork, writes) => {
    const [tenantId, other] = [`restored-${writes}`, `other-${writes}`];
    world.owner.commit(other, eventsOf(granted));
    await answers(other, 'ALLOWED_BY');
    await restoredTenant(tenantId);
    for (let count = 0; count < writes; count += 1) {
      world.owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]);
    }
    const reasons = new Set<string>();
    await eventually('an answer that is none', async () => {
      const { allowed, reason } = await check(tenantId);
      reasons.add(reason);
      expect(allowed).toBe(false);
      return reason === 'QUARANTINED';
    });
    expect([...reasons].every((each) => ['NO_ASSIGNMENT', 'QUARANTINED'].includes(each))).toBe(
      true,
    );
    const fenced = { ...following(1, 2), state: 'FENCED', state_reason: fork };
    await projected(tenantId, fenced);

    // A process that begins anew is told of it by the projection alone.
    const anew = await world.replica();
    await answers(tenantId, 'QUARANTINED', { of: anew });
    expect((await check(tenantId, { of: anew })).allowed).toBe(false);
    await anew.app.close();

    expect(await check(other)).toMatchObject({ allowed: true });
    expect(
      await world.database.query(
        'SELECT events FROM projection_history WHERE tenant_id = $1 AND revision = 2',
        [tenantId],
      ),
    ).toEqual([{ events: [revoked] }]);
  });

  it('is answered from again in an epoch that has witnessed the revocation', async () => {
    const tenantId = 'witnessed';
    await restoredTenant(tenantId);
    await answers(tenantId, 'QUARANTINED');
    world.owner.commit(tenantId, [revoked]);
    world.owner.raiseEpoch(tenantId);
    await answers(tenantId, 'NO_ASSIGNMENT');
    await projected(tenantId, following(2, 2));
  });

  it('stays fenced in an epoch that has not', async () => {
    const tenantId = 'unwitnessed';
    await restoredTenant(tenantId);
    world.owner.raiseEpoch(tenantId, { epoch: 1, revision: 1 });
    await answers(tenantId, 'QUARANTINED');
    await projected(tenantId, {
      ...following(1, 2),
      state: 'FENCED',
      state_reason: 'UNWITNESSED',
    });
    world.owner.raiseEpoch(tenantId, null);
    await answers(tenantId, 'ALLOWED_BY');
    await projected(tenantId, following(3, 1));
  });

  it('takes no token of what was lost for reached', async () => {
    const tenantId = 'tokens';
    world.owner.commit(tenantId, eventsOf(granted));
    world.owner.commit(tenantId, [revoked]);
    const atLeast = world.tokenOfHead(tenantId);
    // Nothing here has seen the revocation yet.
    world.owner.restore(tenantId, 1);
    world.owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]);
    await answers(tenantId, 'ALLOWED_BY');
    expect(await check(tenantId, { atLeast })).toMatchObject({
      allowed: false,
      reason: 'INVALID_CONSISTENCY_TOKEN',
    });
  });
});

describe('a tenant that was removed and created anew under the same name', () => {
  it('inherits no right, and is fenced until an operator says that it is another one', async () => {
    const tenantId = 'reborn';
    world.owner.commit(tenantId, eventsOf(granted));
    await answers(tenantId, 'ALLOWED_BY');
    await projected(tenantId, following(1, 1));
    world.owner.remove(tenantId);
    await answers(tenantId, 'NO_TENANT');
    const bare = tenantFacts().user('alice').scope('ws').facts();
    world.owner.commit(tenantId, eventsOf(bare));
    await answers(tenantId, 'QUARANTINED');
    world.owner.raiseEpoch(tenantId, null);
    await answers(tenantId, 'NO_ASSIGNMENT');
    await projected(tenantId, following(2, 1));
  });
});
