import {
  buildSnapshot,
  decide,
  factsOfNothing,
  TOMBSTONE,
  type MembershipFact,
  type Snapshot,
} from '@bastion/policy';
import type { TenantBuilder } from '@bastion/testing';
import { giveAll } from '../test/naive-restore.js';
import { company, NOW, withoutRole } from '../test/write-context.js';
import { planRestore, type RestorePlan } from './plan-restore.js';

/** What the witness saw end; null: its history does not reach back to the restored point. */
type Ended = {
  readonly assignments?: readonly string[];
  readonly memberships?: readonly MembershipFact[];
  readonly scopes?: readonly string[];
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
} | null;

function restore(
  owner: TenantBuilder | Snapshot,
  witness: TenantBuilder | Snapshot,
  ended: Ended = {},
): RestorePlan {
  return planRestore({
    owner: 'snapshot' in owner ? owner.snapshot() : owner,
    witness: 'snapshot' in witness ? witness.snapshot() : witness,
    ended: ended && {
      assignmentIds: new Set(ended.assignments),
      memberships: ended.memberships ?? [],
      scopeIds: new Set(ended.scopes),
      resourceKeys: new Set(),
      groupIds: new Set(ended.groups),
      roleIds: new Set(ended.roles),
    },
  });
}

function may(
  snapshot: Snapshot,
  principalId: string,
  permission: string,
  scopeId: string,
): boolean {
  return decide(snapshot, { principalId, permission, scopeId, time: NOW }).effect === 'ALLOW';
}

/** root > ws > vault; bob, carl, the group staff, and what they may be given. */
const office = () =>
  company()
    .scope('ws')
    .scope('vault', { parentId: 'ws' })
    .role('reader', ['document:read'])
    .role('writer', ['document:write'], { includes: ['reader'] })
    .user('carl')
    .group('staff');
const withBob = () => office().user('bob');
const bobInStaff = {
  groupId: 'staff',
  memberKind: 'USER',
  memberId: 'bob',
  source: 'manual',
} as const;

describe('planRestore, nothing written since the restore', () => {
  it('revokes again what was revoked after the backup', () => {
    const backup = withBob().assign('bob', 'reader', 'ws', { id: 'bob-reads' });
    const { events, after, grants } = restore(backup, withBob(), { assignments: ['bob-reads'] });
    expect(events).toEqual([{ type: 'role-unassigned', assignmentId: 'bob-reads' }]);
    expect(may(after, 'bob', 'document:read', 'ws')).toBe(false);
    expect(grants).toEqual([]);
  });

  it('ends what is left of a role that was being retired, and gives none of it back', () => {
    const backup = withBob()
      .role('old', ['document:read'])
      .assign('bob', 'old', 'ws', { id: 'grant' })
      .deny('bob', 'old', 'vault', { id: 'deny' });
    const witness = withoutRole('old', backup);
    for (const owner of [backup.snapshot(), witness]) {
      const { after, grants } = restore(owner, witness, { roles: ['old'] });
      expect(after.assignment('grant')).toBeUndefined();
      expect(grants.filter(({ kind }) => kind !== 'deny')).toEqual([]);
      const given = giveAll(after, grants);
      const { after: settled } = restore(given, witness, { roles: ['old'] });
      expect([settled.role('old'), settled.assignmentsOf('bob')]).toEqual([undefined, []]);
    }
  });

  it('keeps a deny as it was found where the witness had it counting less, until it is given', () => {
    const deny = { id: 'deny', validUntil: 50_000 };
    const witness = withBob().deny('bob', 'reader', 'ws', deny);
    const { after, grants } = restore(
      withBob().deny('bob', 'reader', 'ws', { id: 'deny' }),
      witness,
    );
    expect(after.assignment('deny')?.validUntil).toBe(null);
    expect(grants).toMatchObject([{ kind: 'deny', assignment: { id: 'deny', validUntil: null } }]);
    const { after: settled } = restore(giveAll(after, grants), witness);
    expect(settled.assignment('deny')?.validUntil).toBe(50_000);
  });

  it('takes a person out of a group again', () => {
    const backup = withBob().assign('staff', 'reader', 'ws', { id: 'a' }).member('staff', 'bob');
    const witness = withBob().assign('staff', 'reader', 'ws', { id: 'a' });
    const { events, after } = restore(backup, witness, { memberships: [bobInStaff] });
    expect(events).toEqual([{ type: 'member-removed', membership: bobInStaff }]);
    expect(may(after, 'bob', 'document:read', 'ws')).toBe(false);
  });

  it('ends again who left after the backup, with all they had', () => {
    const backup = withBob().assign('bob', 'reader', 'ws', { id: 'a' }).member('staff', 'bob');
    const witness = office().user('bob', { status: 'DEPROVISIONED' });
    const ended = { assignments: ['a'], memberships: [bobInStaff] };
    const { events, after } = restore(backup, witness, ended);
    expect(events.map(({ type }) => type)).toEqual([
      'principal-status-changed',
      'role-unassigned',
      'member-removed',
    ]);
    expect(after.principal('bob')?.status).toBe('DEPROVISIONED');
  });

  it('gives nothing that was given after the backup, but lists it', () => {
    const witness = withBob()
      .assign('bob', 'reader', 'ws', { id: 'bob-reads' })
      .member('staff', 'bob');
    const { events, grants } = restore(withBob(), witness);
    expect(events).toEqual([]);
    expect(grants).toEqual([
      { kind: 'membership', membership: bobInStaff, obstacles: [] },
      { kind: 'assignment', assignment: witness.snapshot().assignment('bob-reads'), obstacles: [] },
    ]);
  });

  it('says what a listed grant waits for', () => {
    const witness = withBob()
      .scope('new-ws')
      .group('crew')
      .assign('crew', 'reader', 'new-ws', { id: 'crew-reads' });
    const { grants } = restore(withBob(), witness);
    expect(grants.map(({ kind }) => kind)).toEqual(['group', 'scope', 'assignment']);
    expect(grants[2]?.obstacles).toEqual([
      { code: 'NOT_FOUND', kind: 'group', id: 'crew' },
      { code: 'NOT_FOUND', kind: 'scope', id: 'new-ws' },
    ]);
  });

  it('denies again what was denied after the backup, by a role that is made again', () => {
    const backup = withBob().assign('bob', 'writer', 'ws', { id: 'bob-writes' });
    const witness = withBob()
      .assign('bob', 'writer', 'ws', { id: 'bob-writes' })
      .role('secrets', ['document:*'])
      .deny('bob', 'secrets', 'vault', { id: 'keep-out' });
    const { after, notes } = restore(backup, witness);
    expect(may(after, 'bob', 'document:read', 'ws')).toBe(true);
    expect(may(after, 'bob', 'document:read', 'vault')).toBe(false);
    expect(notes).toEqual([{ code: 'MADE_AGAIN', kind: 'role', id: 'secrets' }]);
  });

  it('puts a deny that came to count for longer in its place, in one event', () => {
    const denied = (validUntil: number | null) =>
      withBob().deny('bob', 'reader', 'ws', { id: 'keep-out', validUntil });
    const { events } = restore(denied(9_000), denied(null));
    expect(events).toMatchObject([
      { type: 'role-assigned', assignment: { id: 'keep-out', validUntil: null } },
    ]);
  });

  it('puts a person back under the deny of a group, even one the backup does not have', () => {
    const backup = withBob().assign('bob', 'reader', 'ws', { id: 'bob-reads' });
    const witness = withBob()
      .assign('bob', 'reader', 'ws', { id: 'bob-reads' })
      .group('suspects')
      .member('suspects', 'bob')
      .deny('suspects', 'reader', 'ws', { id: 'keep-out' });
    const { after, notes } = restore(backup, witness);
    expect(may(after, 'bob', 'document:read', 'ws')).toBe(false);
    expect(notes).toEqual([
      { code: 'MADE_AGAIN', kind: 'group', id: 'suspects' },
      { code: 'ADDED_AGAIN', kind: 'membership', id: 'bob', groupId: 'suspects' },
    ]);
  });

  it('keeps a deny that the witness saw end, and lists that', () => {
    const backup = withBob()
      .assign('bob', 'reader', 'ws', { id: 'bob-reads' })
      .deny('bob', 'reader', 'vault', { id: 'keep-out' });
    const witness = withBob().assign('bob', 'reader', 'ws', { id: 'bob-reads' });
    const { events, grants } = restore(backup, witness, { assignments: ['keep-out'] });
    expect(events).toEqual([]);
    expect(grants).toEqual([
      { kind: 'deny', assignment: backup.snapshot().assignment('keep-out'), obstacles: [] },
    ]);
  });

  it('cuts a scope again, and lists a cut that was healed', () => {
    const cut = () => company().scope('ws', { inheritsAccess: false });
    const whole = () => company().scope('ws');
    expect(restore(whole(), cut()).after.scope('ws')?.inheritsAccess).toBe(false);
    const { events, grants } = restore(cut(), whole());
    expect(events).toEqual([]);
    expect(grants).toMatchObject([{ kind: 'scope', scope: { id: 'ws', inheritsAccess: true } }]);
  });

  it('moves a scope again, into one that is made again and cut off, under the deny on it', () => {
    const people = () => withBob().assign('bob', 'reader', 'root', { id: 'bob-reads' });
    const backup = people().scope('plans', { parentId: 'ws' });
    const witness = people()
      .scope('bunker')
      .scope('plans', { parentId: 'bunker' })
      .deny('bob', 'reader', 'bunker', { id: 'keep-out' });
    const { after, grants, notes } = restore(backup, witness);
    expect(after.scope('plans')?.parentId).toBe('bunker');
    expect(may(after, 'bob', 'document:read', 'plans')).toBe(false);
    expect(after.scope('bunker')?.inheritsAccess).toBe(false);
    expect(grants).toMatchObject([{ kind: 'scope', scope: { id: 'bunker' } }]);
    expect(notes).toEqual([
      { code: 'MADE_AGAIN', kind: 'scope', id: 'bunker' },
      { code: 'MOVED', kind: 'scope', id: 'plans' },
    ]);
  });

  it('narrows a role again, and lists what was added to one', () => {
    const using = (permissions: readonly string[]) =>
      office().role('editor', permissions).assign('carl', 'editor', 'ws', { id: 'a' });
    const backup = using(['document:read', 'document:write']);
    const { after, grants } = restore(backup, using(['document:read', 'user:read']));
    expect(after.role('editor')?.permissions).toEqual(['document:read']);
    expect(grants).toMatchObject([
      { kind: 'role', role: { permissions: ['document:read', 'user:read'] } },
    ]);
  });

  it('widens a role that is only denied, and takes one that is also granted as the witness has it', () => {
    const denied = (permissions: readonly string[]) =>
      office().role('ban', permissions).deny('carl', 'ban', 'ws', { id: 'd' });
    const both = (permissions: readonly string[]) =>
      denied(permissions).assign('staff', 'ban', 'ws', { id: 'a' });
    const { after } = restore(denied(['document:read']), denied(['document:write']));
    expect(after.role('ban')?.permissions).toEqual(['document:read', 'document:write']);
    const plan = restore(both(['document:read']), both(['document:write']));
    expect(plan.after.role('ban')?.permissions).toEqual(['document:write']);
    expect(plan.notes).toEqual([{ code: 'AS_WITNESSED', kind: 'role', id: 'ban' }]);
  });

  it('brings back the deny of somebody whom the backup does not know once they are given again', () => {
    const witness = withBob()
      .assign('bob', 'reader', 'ws', { id: 'bob-reads' })
      .deny('bob', 'reader', 'vault', { id: 'keep-out' });
    const { after, grants, notes } = restore(office(), witness);
    expect(notes).toEqual([{ code: 'DENY_PENDING', kind: 'assignment', id: 'keep-out' }]);
    const { after: again } = restore(giveAll(after, grants), witness);
    expect(may(again, 'bob', 'document:read', 'ws')).toBe(true);
    expect(may(again, 'bob', 'document:read', 'vault')).toBe(false);
  });
});

describe('planRestore, with writes since the restore', () => {
  it('keeps what was made since', () => {
    const owner = withBob().user('newcomer').assign('newcomer', 'reader', 'ws', { id: 'new' });
    expect(restore(owner, withBob())).toMatchObject({ events: [], notes: [] });
  });

  it('takes it for ended where the history does not reach back', () => {
    const owner = withBob().user('newcomer').assign('newcomer', 'reader', 'ws', { id: 'new' });
    const { events } = restore(owner, withBob(), null);
    expect(events).toEqual([{ type: 'role-unassigned', assignmentId: 'new' }]);
  });

  it('undoes no revocation made since: the stricter of two words counts', () => {
    const owner = office()
      .user('bob', { status: 'SUSPENDED' })
      .scope('lab', { inheritsAccess: false })
      .role('editor', [])
      .deny('carl', 'reader', 'ws', { id: 'keep-out' })
      .suspended();
    const witness = withBob().scope('lab').role('editor', ['document:write']);
    expect(restore(owner, witness).events).toEqual([]);
  });

  it('deletes an ended scope with what was put below it since', () => {
    const owner = withBob()
      .scope('old')
      .scope('since', { parentId: 'old' })
      .assign('bob', 'reader', 'since', { id: 'new' });
    const { events, notes } = restore(owner, withBob(), { scopes: ['old'] });
    expect(events).toEqual([
      { type: 'role-unassigned', assignmentId: 'new' },
      { type: 'scope-deleted', scopeId: 'since' },
      { type: 'scope-deleted', scopeId: 'old' },
    ]);
    expect(notes).toEqual([
      { code: 'LOST', kind: 'scope', id: 'since' },
      { code: 'LOST', kind: 'assignment', id: 'new' },
    ]);
  });

  it('keeps an ended group for its denies while somebody was put under them since', () => {
    const owner = withBob()
      .group('ended')
      .member('ended', 'bob')
      .member('staff', 'ended')
      .assign('ended', 'writer', 'ws', { id: 'grant' })
      .deny('ended', 'reader', 'ws', { id: 'deny' });
    const { after, notes } = restore(owner, withBob(), { groups: ['ended'] });
    expect(after.assignmentsOf('ended').map(({ id }) => id)).toEqual(['deny']);
    expect(after.membershipsOf('ended')).toEqual([]);
    expect(notes).toContainEqual({ code: 'ONLY_DENIES', kind: 'group', id: 'ended' });
  });

  it('puts members in person where two groups were nested both ways', () => {
    const groups = () =>
      withBob()
        .group('one')
        .group('two')
        .member('two', 'bob')
        .deny('one', 'reader', 'ws', { id: 'd' });
    const owner = groups().member('two', 'one');
    const witness = groups().member('one', 'two');
    const { events, grants } = restore(owner, witness);
    expect(events).toEqual([
      { type: 'member-added', membership: { ...bobInStaff, groupId: 'one' } },
    ]);
    expect(grants).toMatchObject([
      { kind: 'membership', obstacles: [{ code: 'GROUP_CYCLE', kind: 'group', id: 'two' }] },
    ]);
  });

  it('makes one deny of two alike, lasting as long as either, in one event', () => {
    const owner = withBob().deny('bob', 'reader', 'ws', { id: 'redone', validUntil: 9_000 });
    const witness = withBob().deny('bob', 'reader', 'ws', { id: 'known', validFrom: 500 });
    const { events, after, notes } = restore(owner, witness);
    expect(events.map(({ type }) => type)).toEqual(['role-assigned']);
    expect(after.assignmentsOf('bob')).toMatchObject([
      { id: 'redone', validFrom: null, validUntil: null },
    ]);
    expect(notes).toEqual([]);
  });

  it('lets no role include one that has ended and is kept for a deny alone', () => {
    const owner = withBob()
      .role('old', ['secret:read'])
      .role('wide', ['user:read'])
      .role('mix', ['document:share'], { includes: ['old', 'wide'] })
      .deny('bob', 'old', 'ws')
      .deny('bob', 'wide', 'ws');
    const ended = { roles: ['old'] };
    const once = restore(owner, withBob().role('wide', ['*']), ended);
    const { permissions, includes } = once.after.role('mix')!;
    expect([...permissions].sort()).toEqual(['document:share', 'secret:read', 'user:read']);
    expect(includes).toEqual([]);
    expect(restore(once.after, withBob().role('wide', ['*']), ended).events).toEqual([]);
  });

  it('ends a grant whose id means something else to the witness, and lists that', () => {
    const owner = withBob().assign('bob', 'writer', 'ws', { id: 'a' });
    const witness = withBob().assign('bob', 'writer', 'ws', { id: 'a', validUntil: 9_000 });
    const { events, grants } = restore(owner, witness);
    expect(events).toEqual([{ type: 'role-unassigned', assignmentId: 'a' }]);
    expect(grants).toMatchObject([{ kind: 'assignment', assignment: { validUntil: 9_000 } }]);
  });

  it('suspends a tenant that the witness saw suspended', () => {
    const { events, after } = restore(withBob(), withBob().suspended());
    expect(events).toMatchObject([{ type: 'tenant-suspended', tenant: { status: 'SUSPENDED' } }]);
    expect(after.tenant.status).toBe('SUSPENDED');
  });

  it('deletes again what the witness saw deleted', () => {
    const owner = withBob().snapshot();
    const witness = buildSnapshot(factsOfNothing(TOMBSTONE));
    const { events, after, grants } = planRestore({ owner, witness, ended: null });
    expect(events).toEqual([{ type: 'tenant-deleted', tenant: TOMBSTONE }]);
    expect(after.facts()).toEqual(factsOfNothing(TOMBSTONE));
    expect(grants).toEqual([]);
  });

  it('serves what is stale no longer than either says', () => {
    const { after } = restore(withBob().servingStale(60_000), withBob());
    expect(after.tenant).toMatchObject({ staleMode: 'DENY', maxStaleMs: 0 });
  });

  it('throws for a witness of another tenant', () => {
    const facts = company().snapshot().facts();
    const elsewhere = facts.scopes.map((scope) => ({ ...scope, id: 'elsewhere' }));
    const witness = buildSnapshot({ ...facts, scopes: elsewhere });
    const owner = company().snapshot();
    expect(() => planRestore({ owner, witness, ended: null })).toThrow(TypeError);
  });
});

describe('planRestore, where the owner has nested groups the other way since', () => {
  const suspects = () => withBob().group('suspects').deny('suspects', 'reader', 'ws', { id: 'no' });
  const inPerson = { ...bobInStaff, groupId: 'suspects' };

  it('puts whoever was under the deny by way of the other group there in person, and only there', () => {
    const owner = suspects().member('staff', 'suspects');
    const witness = suspects().member('suspects', 'staff').member('staff', 'bob');
    const { events } = restore(owner, witness);
    expect(events).toEqual([{ type: 'member-added', membership: inPerson }]);
  });

  it('puts nobody there whom another group takes there anyway', () => {
    const both = () => suspects().group('crew');
    const owner = both().member('staff', 'suspects').member('suspects', 'crew');
    const witness = both().member('suspects', 'staff').member('staff', 'bob').member('crew', 'bob');
    const { events, after } = restore(owner, witness);
    expect(events).toEqual([
      { type: 'member-added', membership: { ...bobInStaff, groupId: 'crew' } },
    ]);
    expect(after.groupsContaining('bob').has('suspects')).toBe(true);
  });
});
