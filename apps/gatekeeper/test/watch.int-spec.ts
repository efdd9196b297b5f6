import { TestSubscription, tenantFacts } from '@bastion/testing';
import type { RoleAssignmentFact } from '@bastion/policy';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

interface Answer {
  readonly checkChanges: { readonly allowed: boolean; readonly reason: string };
}
interface Changes {
  readonly accessChanges: {
    readonly revision: number;
    readonly consistencyToken: string;
    readonly committedAt: string | null;
    readonly changes: readonly { readonly kind: string; readonly id: string }[];
  };
}

const CHECK_CHANGES = `subscription ($input: CheckInput!) {
  checkChanges(input: $input) { allowed reason }
}`;
const ACCESS_CHANGES = `subscription ($since: String) {
  accessChanges(since: $since) { revision consistencyToken committedAt changes { kind id } }
}`;

let world: GatekeeperWorld;
let replica: Replica;

const acme = () =>
  tenantFacts()
    .user('alice')
    .user('auditor')
    .group('staff')
    .scope('ws')
    .role('reader', ['document:read'])
    .role('checker', ['access:check'])
    .assign('auditor', 'checker', 'root', { id: 'a-auditor' });

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica({ CLOCK_UNCERTAINTY_MS: '0' });
  for (const tenantId of ['acme', 'other', 'timed', 'sealed', 'stale']) {
    world.owner.commit(tenantId, eventsOf(acme().facts()));
  }
});

afterAll(() => world.stop());

async function watch<Data>(
  tenantId: string,
  principalId: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<TestSubscription<Data>> {
  const token = await world.token(tenantId, principalId);
  return new TestSubscription<Data>(replica.url, token, { query, variables });
}

const reading = { permission: 'document:read', scopeId: 'ws' };

const watchReading = (tenantId: string, principalId: string, input: object = {}) =>
  watch<Answer>(tenantId, principalId, CHECK_CHANGES, { input: { ...reading, ...input } });

function assignment(change: Partial<RoleAssignmentFact> = {}): RoleAssignmentFact {
  return {
    ...{ id: 'a-alice', granteeKind: 'USER', granteeId: 'alice', roleId: 'reader', scopeId: 'ws' },
    ...{ reach: 'SUBTREE', effect: 'ALLOW', source: 'manual', condition: null },
    ...{ validFrom: null, validUntil: null },
    ...change,
  };
}

const assigned = (change?: Partial<RoleAssignmentFact>) =>
  ({ type: 'role-assigned', assignment: assignment(change) }) as const;
const unassigned = (assignmentId: string) => ({ type: 'role-unassigned', assignmentId }) as const;

const answer = (allowed: boolean, reason: string) => ({ checkChanges: { allowed, reason } });

describe('checkChanges', () => {
  it('answers at once, and again whenever a change makes it another answer', async () => {
    const watching = await watchReading('acme', 'alice');
    expect(await watching.data()).toEqual(answer(false, 'NO_ASSIGNMENT'));
    world.owner.commit('acme', [assigned()]);
    expect(await watching.data()).toEqual(answer(true, 'ALLOWED_BY'));
    world.owner.commit('acme', [{ type: 'group-created', group: { id: 'no-matter' } }]);
    world.owner.commit('acme', [unassigned('a-alice')]);
    expect(await watching.data()).toEqual(answer(false, 'NO_ASSIGNMENT'));
    await watching.stop();
  });

  it('tells when a grant begins and when it ends, though nothing is committed then', async () => {
    const watching = await watchReading('timed', 'alice');
    await watching.data();
    const validFrom = Date.now() + 600;
    world.owner.commit('timed', [assigned({ validFrom, validUntil: validFrom + 400 })]);
    const { revision } = world.owner.headAt('timed')!;
    expect(await watching.data()).toEqual(answer(false, 'NOT_YET_VALID'));
    expect(await watching.data()).toEqual(answer(true, 'ALLOWED_BY'));
    expect(Date.now()).toBeGreaterThanOrEqual(validFrom);
    expect(await watching.data()).toEqual(answer(false, 'EXPIRED'));
    expect(world.owner.headAt('timed')?.revision).toBe(revision);
    await watching.stop();
  });

  it('asks about others only for who may, and no longer than that', async () => {
    const about = { principal: { id: 'alice' } };
    const stranger = await watchReading('sealed', 'alice', { principal: { id: 'auditor' } });
    expect(await stranger.next()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    await stranger.stop();

    const watching = await watchReading('sealed', 'auditor', about);
    await watching.data();
    world.owner.commit('sealed', [unassigned('a-auditor')]);
    expect(await watching.next()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    await watching.stop();
  });

  it('says no as soon as this replica can no longer know', async () => {
    const own = await world.replica({ LEASE_MS: '1000', CLOCK_UNCERTAINTY_MS: '0' });
    world.owner.commit('stale', [assigned()]);
    const atLeast = world.tokenOfHead('stale');
    const watching = new TestSubscription<Answer>(own.url, await world.token('stale', 'alice'), {
      query: CHECK_CHANGES,
      variables: { input: { ...reading, atLeast } },
    });
    expect(await watching.data()).toEqual(answer(true, 'ALLOWED_BY'));
    world.owner.failing = true;
    expect(await watching.data()).toEqual(answer(false, 'STALE'));
    world.owner.failing = false;
    expect(await watching.data()).toEqual(answer(true, 'ALLOWED_BY'));
    await watching.stop();
  });
});

describe('accessChanges', () => {
  const group = (id: string) => ({ type: 'group-created', group: { id } }) as const;

  /** Commits revisions, each of one group, and answers with what is told of them. */
  function commitGroups(tenantId: string, ids: readonly string[]): string[] {
    for (const id of ids) world.owner.commit(tenantId, [group(id)]);
    return [...ids];
  }

  async function told(watching: TestSubscription<Changes>, count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const { accessChanges } = await watching.data();
      ids.push(...accessChanges.changes.map(({ id }) => id));
    }
    return ids;
  }

  const ids = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

  it('tells every change of the own tenant once, in order, and none of another', async () => {
    const watching = await watch<Changes>('acme', 'auditor', ACCESS_CHANGES);
    const { accessChanges: first } = await watching.data();
    expect(first).toMatchObject({ committedAt: null, changes: [] });

    const own = ids('own', 20);
    for (const id of own) {
      commitGroups('other', [`theirs-${id}`]);
      commitGroups('acme', [id]);
    }
    expect(await told(watching, own.length)).toEqual(own);
    await watching.stop();
  });

  it('goes on after a consistency token', async () => {
    const since = world.tokenOfHead('acme');
    const missed = commitGroups('acme', ids('missed', 5));
    const watching = await watch<Changes>('acme', 'auditor', ACCESS_CHANGES, { since });
    const { accessChanges: first } = await watching.data();
    expect(first.consistencyToken).toBe(since);
    expect(await told(watching, missed.length)).toEqual(missed);
    await watching.stop();
  });

  it('says so where that is not kept here, or is of another tenant', async () => {
    const since = world.tokenOfHead('other');
    const foreign = await watch<Changes>('acme', 'auditor', ACCESS_CHANGES, { since });
    expect(await foreign.next()).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_CONSISTENCY_TOKEN' } }],
    });
    await foreign.stop();

    commitGroups('acme', ids('before', 2));
    const fresh = await world.replica({ CLOCK_UNCERTAINTY_MS: '0' });
    const old = new TestSubscription<Changes>(fresh.url, await world.token('acme', 'auditor'), {
      query: ACCESS_CHANGES,
      variables: { since: world.tokens.issue({ tenantId: 'acme', epoch: 1, revision: 1 }) },
    });
    expect(await old.next()).toMatchObject({
      errors: [{ extensions: { code: 'CURSOR_EXPIRED' } }],
    });
    await old.stop();
  });

  it.each<[string, Parameters<GatekeeperWorld['owner']['commit']>[1]]>([
    ['loses the permission', [unassigned('a-auditor')]],
    [
      'is suspended',
      [
        {
          type: 'principal-status-changed',
          principal: {
            id: 'auditor',
            kind: 'USER',
            status: 'SUSPENDED',
            subject: 'subject-auditor',
          },
        },
      ],
    ],
    [
      'belongs to a tenant that is suspended',
      [
        {
          type: 'tenant-suspended',
          tenant: { status: 'SUSPENDED', staleMode: 'DENY', maxStaleMs: 0 },
        },
      ],
    ],
  ])('is cut off at once from who %s', async (what, events) => {
    const tenantId = `cut-${what.length}`;
    world.owner.commit(tenantId, eventsOf(acme().facts()));
    const watching = await watch<Changes>(tenantId, 'auditor', ACCESS_CHANGES);
    await watching.data();
    world.owner.commit(tenantId, [...events, group('secret')]);
    expect(await watching.next()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    await watching.stop();
  });

  it('is for who may ask about others', async () => {
    const watching = await watch<Changes>('acme', 'alice', ACCESS_CHANGES);
    expect(await watching.next()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    await watching.stop();
  });
});
