import type { ApiError } from '@bastion/platform';
import { buildSnapshot, factsOfNothing, TOMBSTONE, type AccessEvent } from '@bastion/policy';
import { changesResponseV1, headsResponseV1 } from '@bastion/contracts';
import type { RestoreReport } from '../src/restore/index.js';
import { AdminWorld } from './support/admin-world.js';
import { Seed } from './support/seed.js';
import { TenantBackup } from './support/tenant-backup.js';
import { domainEvents, TenantObserver } from './support/tenant-observer.js';
import type { TestTenant } from './support/test-service.js';

const CONSUMER = 'gatekeeper-sync';
const OPERATOR = 'olga';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.start({ SERVICE_SUBJECTS: CONSUMER });
});

afterAll(() => world.stop());

/** A tenant, and how it is furnished, looked at, backed up and restored. */
class Story {
  readonly seed: Seed;
  readonly observer: TenantObserver;

  private constructor(readonly tenant: TestTenant) {
    this.seed = new Seed(world.service, tenant);
    this.observer = new TenantObserver(world.service, tenant.id);
  }

  static async begin(id: string): Promise<Story> {
    return new Story(await world.service.createTenant(id));
  }

  backup(): Promise<TenantBackup> {
    return TenantBackup.take(world.service.database, this.tenant.id);
  }

  /** The rest of a story of which everything after `backup` is lost; gatekeeper has seen all of it. */
  async lose(backup: TenantBackup): Promise<void> {
    await world.gatekeeper.follow(this.tenant.id);
    await backup.restore();
  }

  async run(options: { reason?: string } = {}): Promise<RestoreReport> {
    const choice = { tenant: this.tenant.id, ...options };
    const [report] = await world.admin.restore.run(OPERATOR, choice, () => undefined);
    if (!report || report.outcome === 'FAILED') throw new Error(JSON.stringify(report));
    return report;
  }

  async plan(): Promise<RestoreReport> {
    const [report] = await world.admin.restore.plan({ tenant: this.tenant.id }, () => undefined);
    if (!report || report.outcome === 'FAILED') throw new Error(JSON.stringify(report));
    return report;
  }

  send(mutation: string): Promise<unknown> {
    return this.tenant.admin.answer(`mutation { ${mutation} }`);
  }

  get lostFacts() {
    return buildSnapshot(world.gatekeeper.factsOf(this.tenant.id).facts).facts();
  }

  async facts() {
    return buildSnapshot(await this.observer.facts()).facts();
  }
}

async function headOf(tenantId: string) {
  const body = await ask('heads', {
    method: 'POST',
    body: JSON.stringify({ tenantIds: [tenantId] }),
  });
  return headsResponseV1.parse(body).heads[0]!;
}

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const token = await world.service.issuer.token({ subject: CONSUMER });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${world.service.url}/sync/v1/${path}`, { headers, ...init });
  return response.json();
}

const typesOf = (events: readonly AccessEvent[]) => events.map(({ type }) => type).sort();

describe('a tenant whose owner lost nothing', () => {
  it('is left as it is', async () => {
    const story = await Story.begin('untouched');
    await story.seed.user();
    await world.gatekeeper.follow('untouched');
    const rows = await story.observer.rows();
    expect(await story.plan()).toMatchObject({ outcome: 'NOTHING_TO_DO', epoch: null });
    expect(await story.run()).toMatchObject({ outcome: 'NOTHING_TO_DO', epoch: null });

    // Behind is no loss either.
    expect(await story.observer.rows()).toEqual(rows);
    await story.seed.user();
    expect(await story.run()).toMatchObject({ outcome: 'NOTHING_TO_DO' });
  });

  it('is not known to a gatekeeper that nobody asked about it', async () => {
    const story = await Story.begin('unasked');
    expect(await story.run()).toMatchObject({ outcome: 'NOTHING_TO_DO', witness: null });
  });
});

describe('a deletion that the owner lost', () => {
  it('is made again, in an epoch that those follow who saw it', async () => {
    const story = await Story.begin('undeleted');
    await story.seed.user();
    const operator = world.service.platform.admin;
    const backup = await story.backup();
    for (const act of ['suspendTenant', 'deleteTenant']) {
      await operator.answer(`mutation { ${act}(tenantId: "undeleted") { revision } }`);
    }
    await story.lose(backup);
    const witnessed = world.gatekeeper.factsOf('undeleted').point;
    expect(await story.run()).toMatchObject({ outcome: 'RESTORED', epoch: 2 });
    expect(await story.facts()).toEqual(factsOfNothing(TOMBSTONE));
    expect(await headOf('undeleted')).toMatchObject({
      epoch: 2,
      began: { witnessed: { epoch: witnessed.epoch, revision: witnessed.revision } },
    });
    const again = await operator.refusal('{ managedTenant(tenantId: "undeleted") { id } }');
    expect(again.extensions.code).toBe('NOT_FOUND');
  });
});

describe('a revocation that the owner lost', () => {
  it('is made again, whatever it took away, and everything else stays', async () => {
    const story = await Story.begin('revoked');
    const { seed } = story;
    const [bob, leaver] = [await seed.user(), await seed.user()];
    const group = await seed.group([
      { kind: 'USER', id: bob },
      { kind: 'USER', id: leaver },
    ]);
    const role = await seed.role(['document:read']);
    const old = await seed.role(['document:write']);
    const [kept, cut, gone] = [await seed.scope(), await seed.scope(), await seed.scope()];
    const taken = await seed.assignment(bob, role, kept);
    const stays = await seed.assignment(group, role, kept, { granteeKind: 'GROUP' });
    await seed.assignment(bob, old, kept);
    await seed.assignment(bob, role, gone);
    const eased = { effect: 'DENY', condition: 'context.mfa == false' };
    const deny = await seed.assignment(bob, role, cut, eased);
    const backup = await story.backup();
    const restored = await headOf('revoked');

    await story.send(`unassignRole(assignmentId: "${taken}") { revision }`);
    await story.send(
      `removeGroupMembers(groupId: "${group}", members: [{ kind: USER, id: "${bob}" }]) { revision }`,
    );
    await story.send(`suspendUser(userId: "${leaver}") { revision }`);
    await story.send(`setScopeInheritance(scopeId: "${cut}", inheritsAccess: false) { revision }`);
    await story.send(`deleteScope(scopeId: "${gone}", recursive: false) { revision }`);
    await story.send(`retireRole(roleId: "${old}") { revision }`);
    await seed.assignment(bob, role, story.tenant.rootScopeId, { effect: 'DENY' });
    await story.send(
      `changeAssignment(input: { assignmentId: "${deny}", condition: null }) { revision }`,
    );
    await story.lose(backup);
    const witnessed = world.gatekeeper.factsOf('revoked').point;

    const planned = await story.plan();
    expect(planned).toMatchObject({
      outcome: 'PLANNED',
      epoch: 2,
      owner: { epoch: 1, revision: restored.revision, digest: restored.digest },
      witness: {
        url: world.gatekeeper.url,
        fork: 'WENT_BACK',
        point: witnessed,
        partedAt: { revision: restored.revision, digest: restored.digest },
        lostRevisions: 8,
      },
      grants: [],
      warnings: [],
    });
    expect((await headOf('revoked')).epoch).toBe(1);

    const report = await story.run({ reason: 'ticket 4711' });
    expect(report).toEqual({ ...planned, outcome: 'RESTORED' });
    expect(await story.facts()).toEqual(story.lostFacts);
    expect((await story.facts()).assignments.map(({ id }) => id)).toContain(stays);
    expect(typesOf(report.events)).toEqual([
      'member-removed',
      'principal-status-changed',
      'role-assigned',
      'role-assigned',
      'role-retired',
      'role-unassigned',
      'role-unassigned',
      'role-unassigned',
      'scope-deleted',
      'scope-inheritance-changed',
    ]);
  });

  it('is one revision of a new epoch, which goes on where the owner stood', async () => {
    const story = await Story.begin('epoch');
    const user = await story.seed.user();
    const assignment = await story.seed.assignment(user, await story.seed.role(['a:b']));
    const backup = await story.backup();
    const restored = await headOf('epoch');
    await story.send(`unassignRole(assignmentId: "${assignment}") { revision }`);
    await story.lose(backup);
    const { events } = await story.run();

    const head = await headOf('epoch');
    const { point } = world.gatekeeper.factsOf('epoch');
    expect(head).toMatchObject({
      epoch: 2,
      revision: restored.revision + 1,
      began: { witnessed: { epoch: point.epoch, revision: point.revision } },
    });
    const [message] = await story.observer.messagesAfter(restored.revision);
    expect(message).toMatchObject({
      epoch: 2,
      revision: restored.revision + 1,
      previousDigest: restored.digest,
      digest: head.digest,
    });
    expect(domainEvents(message)).toEqual(events);
    // The next write goes on from there, and what is in memory is what is in the rows.
    const { revision } = await story.observer.effectOf(() => story.seed.user());
    expect(revision).toBe(restored.revision + 2);
  });

  it('ends what was promised at positions of the history before', async () => {
    const story = await Story.begin('positions');
    const assignment = await story.seed.assignment(
      await story.seed.user(),
      await story.seed.role(['a:b']),
    );
    const backup = await story.backup();
    const { revision } = await headOf('positions');
    await story.send(`unassignRole(assignmentId: "${assignment}") { revision }`);
    await story.lose(backup);
    await story.run();
    const changes = async (epoch: number, after: number) => {
      const body = await ask(`tenants/positions/changes?epoch=${epoch}&after=${after}`);
      return changesResponseV1.parse(body);
    };
    expect(await changes(1, revision)).toMatchObject({ kind: 'GONE', head: { epoch: 2 } });
    expect(await changes(2, revision)).toMatchObject({
      kind: 'RANGE',
      changes: [{ epoch: 2, revision: revision + 1 }],
    });
    expect(await changes(3, revision)).toMatchObject({ kind: 'FORKED' });
  });

  it('is made again once, however often the restore is run', async () => {
    const story = await Story.begin('twice');
    const user = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    expect((await story.run()).outcome).toBe('RESTORED');
    const rows = await story.observer.rows();
    // Gatekeeper has not followed yet, and is still where it saw the lost history end.
    expect(await story.run()).toMatchObject({ outcome: 'NOTHING_TO_DO' });
    await world.gatekeeper.follow('twice');
    expect(await story.run()).toMatchObject({ outcome: 'NOTHING_TO_DO' });
    expect(await story.observer.rows()).toEqual(rows);
  });

  it('is made again once by two who restore at the same time', async () => {
    const story = await Story.begin('at-once');
    const user = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    const results = await Promise.allSettled([story.run(), story.run(), story.run()]);
    const outcomes = results.map((result) =>
      result.status === 'fulfilled' ? result.value.outcome : (result.reason as ApiError).code,
    );
    // Whoever asks while the winner writes is told to try again; who asks later has nothing to do.
    const losers = outcomes.filter((outcome) => outcome !== 'RESTORED');
    expect(losers).toHaveLength(2);
    expect(['UNAVAILABLE', 'NOTHING_TO_DO']).toEqual(expect.arrayContaining(losers));
    expect((await headOf('at-once')).epoch).toBe(2);
  });

  it('is made again where somebody writes between the question and the restore', async () => {
    const story = await Story.begin('between');
    const user = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    world.gatekeeper.beforeFacts = async () => void (await story.seed.user());
    const report = await story.run();
    expect(typesOf(report.events)).toEqual(['principal-status-changed']);
    expect((await story.facts()).principals).toHaveLength(3);
  });

  it('is made again in a second restore, to a point before the first', async () => {
    const story = await Story.begin('again');
    const [first, second] = [await story.seed.user(), await story.seed.user()];
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${first}") { revision }`);
    await story.lose(backup);
    await story.run();
    await story.send(`suspendUser(userId: "${second}") { revision }`);
    await story.lose(backup);
    const report = await story.run();
    expect(report).toMatchObject({ epoch: 3, witness: { fork: 'WENT_BACK', partedAt: null } });
    expect(await story.facts()).toEqual(story.lostFacts);
  });

  it('begins an epoch later than any that a consumer has seen', async () => {
    const story = await Story.begin('later');
    const user = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    await noteConsumer('later', { epoch: 7, revision: 1, state: 'FOLLOWING' });
    expect((await story.run()).epoch).toBe(8);
  });

  it('is entered in the audit, whose chain is whole', async () => {
    const story = await Story.begin('audited');
    const user = await story.seed.user();
    const backup = await story.backup();
    const restored = await headOf('audited');
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    await story.run({ reason: 'ticket 4711' });

    const entry = (await story.observer.auditChain()).at(-1)?.entry;
    expect(entry).toMatchObject({
      operation: 'restore-tenant',
      origin: { operator: OPERATOR },
      reason: 'ticket 4711',
      epoch: 2,
      revision: restored.revision + 1,
      details: {
        restored: { epoch: 1, revision: restored.revision, digest: restored.digest },
        witness: { fork: 'WENT_BACK', lostRevisions: 1 },
        grantsHeldBack: 0,
      },
      changes: [{ event: { type: 'principal-status-changed' }, before: { status: 'ACTIVE' } }],
    });
    expect((await world.admin.verifyAudit.run('audited')).firstBreak).toBeNull();
    const platform = await new TenantObserver(world.service, 'platform').auditChain();
    expect(platform.at(-1)?.entry).toMatchObject({
      operation: 'authorize-restore-tenant',
      target: 'audited',
    });
  });
});

async function noteConsumer(
  tenantId: string,
  { epoch, revision, state }: { epoch: number; revision: number; state: string },
): Promise<void> {
  await world.service.database.query(
    `INSERT INTO consumer_positions
       (tenant_id, consumer_id, kind, epoch, revision, digest, state, accepts, lease_until)
     VALUES ($1, 'c', 'PROJECTION', $2, $3, repeat('a', 64), $4, '{}', now())`,
    [tenantId, epoch, revision, state],
  );
}

describe('what the owner was written after the restore', () => {
  it('stays, where the history of the witness reaches back to what both have', async () => {
    const story = await Story.begin('since');
    const [bob, role] = [await story.seed.user(), await story.seed.role(['a:b'])];
    const backup = await story.backup();
    const { revision } = await headOf('since');
    await story.send(`suspendUser(userId: "${bob}") { revision }`);
    await story.lose(backup);
    const made = await story.seed.assignment(await story.seed.user(), role);
    await story.seed.scope();

    const report = await story.run();
    expect(report).toMatchObject({
      witness: { fork: 'REWRITTEN', partedAt: { revision }, lostRevisions: 1 },
      notes: [],
    });
    expect(typesOf(report.events)).toEqual(['principal-status-changed']);
    expect((await story.facts()).assignments.map(({ id }) => id)).toContain(made);
  });

  it('counts as ended where it does not, and a warning says so before', async () => {
    const story = await Story.begin('unreached');
    const [bob, role] = [await story.seed.user(), await story.seed.role(['a:b'])];
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${bob}") { revision }`);
    await story.send(`activateUser(userId: "${bob}") { revision }`);
    await story.lose(backup);
    const made = await story.seed.assignment(await story.seed.user(), role);
    await story.seed.user();
    world.gatekeeper.change('unreached', (known) => ({
      ...known,
      history: known.history.slice(0, 1),
    }));

    expect((await story.plan()).warnings).toEqual([
      expect.stringContaining('does not reach back to what both have'),
    ]);
    await story.run();
    expect((await story.facts()).assignments.map(({ id }) => id)).not.toContain(made);
  });

  it('may have gone further than the witness', async () => {
    const story = await Story.begin('further');
    const bob = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${bob}") { revision }`);
    await story.lose(backup);
    for (let time = 0; time < 5; time += 1) await story.seed.user();
    const report = await story.run();
    expect(report).toMatchObject({ witness: { fork: 'REWRITTEN', lostRevisions: 1 } });
    expect((await story.facts()).principals.find(({ id }) => id === bob)?.status).toBe('SUSPENDED');
  });

  it('is told apart even where its oldest messages are kept no longer', async () => {
    const story = await Story.begin('purged');
    const bob = await story.seed.user();
    const backup = await story.backup();
    const { revision } = await headOf('purged');
    await story.send(`suspendUser(userId: "${bob}") { revision }`);
    await story.lose(backup);
    await story.seed.user();
    await world.service.database.query(
      `DELETE FROM outbox_messages WHERE tenant_id = 'purged' AND revision <= $1`,
      [revision],
    );
    expect(await story.plan()).toMatchObject({ witness: { partedAt: { revision } } });
  });

  it('is not taken from memory of the time before', async () => {
    const story = await Story.begin('remembered');
    const backup = await story.backup();
    await story.seed.user('ghost');
    await story.seed.user();
    const ghost = world.service.as('remembered', 'ghost@remembered');
    await ghost.answer('{ me { user { id } } }');
    await story.lose(backup);
    // By another process, up to the revision that this one has facts of: of another history.
    for (const verb of ['SUSPENDED', 'ACTIVE'] as const) {
      await world.admin.changeTenantStatus.run({ operator: OPERATOR }, verb, {
        tenantId: 'remembered',
        reason: 'test',
      });
    }
    const { extensions } = await ghost.refusal('{ me { user { id } } }');
    expect(extensions.code).toBe('FORBIDDEN');
  });
});

describe('a grant that the owner lost', () => {
  /** Everything that can be given: lost, and held back. */
  async function loseGrants(id: string) {
    const story = await Story.begin(id);
    const { seed } = story;
    const bob = await seed.user();
    const role = await seed.role(['a:b']);
    const backup = await story.backup();
    const [carol, machine] = [await seed.user(), await seed.serviceAccount()];
    const group = await seed.group([{ kind: 'USER', id: carol }]);
    const scope = await seed.scope();
    const inner = await seed.scope(scope);
    const added = await seed.role(['c:d']);
    await seed.assignment(bob, role, scope);
    await seed.assignment(group, added, inner, { granteeKind: 'GROUP' });
    await seed.assignment(machine, role, inner, { granteeKind: 'SERVICE_ACCOUNT' });
    // Denies that have nothing to hang on before the others are given.
    await seed.assignment(bob, added, inner, { effect: 'DENY' });
    await seed.assignment(carol, role, story.tenant.rootScopeId, { effect: 'DENY' });
    await story.lose(backup);
    return { story, bob, carol };
  }

  it('is not given by itself, and waits for somebody', async () => {
    const { story } = await loseGrants('held-back');
    const before = await story.facts();
    const report = await story.run();
    expect(report.events).toEqual([]);
    expect(await story.facts()).toEqual(before);
    expect((await headOf('held-back')).epoch).toBe(2);

    const { grants, names } = await world.admin.restore.grants.run('held-back');
    const kinds = grants.map(({ fact }) => fact.kind);
    expect(kinds).toEqual([
      ...['principal', 'principal', 'group', 'scope', 'scope', 'role', 'membership'],
      ...['assignment', 'assignment', 'assignment'],
    ]);
    expect(grants.map(({ refusal }) => refusal)).toEqual(grants.map(() => null));
    expect(Object.values(names)).toEqual(expect.arrayContaining(['user-1', 'role-2']));
  });

  it('is given again once somebody approves, with the denies that belong to it', async () => {
    const { story } = await loseGrants('approved');
    await story.run();
    const decided = await world.admin.restore.decide(OPERATOR, 'GIVEN', {
      tenant: 'approved',
      all: true,
    });
    expect(decided).toMatchObject({ refused: [], consequences: 2 });
    expect(decided.decided).toHaveLength(10);
    expect(await story.facts()).toEqual(story.lostFacts);
    expect((await world.admin.restore.grants.run('approved')).grants).toEqual([]);

    const entry = (await story.observer.auditChain()).at(-1)?.entry;
    expect(entry).toMatchObject({ operation: 'give-restored-grants', outcome: 'DONE' });
    const [left] = await world.service.database.query<{ count: string }>(
      `SELECT count(*) FROM restore_witnesses WHERE tenant_id = 'approved'`,
    );
    expect(Number(left?.count)).toBe(0);
  });

  it('comes back as restricted as it was, when only some of it is given', async () => {
    const { story, carol } = await loseGrants('some');
    await story.run();
    const { grants } = await world.admin.restore.grants.run('some');
    const hers = grants.find(
      ({ fact }) => fact.kind === 'principal' && fact.principal.id === carol,
    );
    await world.admin.restore.decide(OPERATOR, 'GIVEN', { tenant: 'some', grant: [hers!.id] });
    const denies = (await story.facts()).assignments.filter(({ effect }) => effect === 'DENY');
    expect(denies.map(({ granteeId }) => granteeId)).toEqual([carol]);
  });

  it('is refused by the rules that held when it was given first, and waits on', async () => {
    const { story } = await loseGrants('refused');
    await story.run();
    const { grants } = await world.admin.restore.grants.run('refused');
    const member = grants.find(({ fact }) => fact.kind === 'membership')!;
    const choice = { tenant: 'refused', grant: [member.id] };
    const decided = await world.admin.restore.decide(OPERATOR, 'GIVEN', choice);
    expect(decided).toMatchObject({
      decided: [],
      refused: [{ id: member.id, code: 'NOT_FOUND', message: 'There is no such group.' }],
    });
    const { grants: after } = await world.admin.restore.grants.run('refused');
    expect(after.map(({ id }) => id)).toContain(member.id);
  });

  it('stays as people have changed it since', async () => {
    const { story, bob } = await loseGrants('changed-since');
    await story.run();
    await story.send(`suspendUser(userId: "${bob}") { revision }`);
    await world.admin.restore.decide(OPERATOR, 'GIVEN', { tenant: 'changed-since', all: true });
    const found = (await story.facts()).principals.find(({ id }) => id === bob);
    expect(found?.status).toBe('SUSPENDED');
  });

  it('is let go when somebody dismisses it', async () => {
    const { story } = await loseGrants('dismissed');
    await story.run();
    const before = await story.facts();
    const decided = await world.admin.restore.decide(OPERATOR, 'DISMISSED', {
      tenant: 'dismissed',
      all: true,
      reason: 'given anew',
    });
    expect(decided.decided).toHaveLength(10);
    expect(await story.facts()).toEqual(before);
    expect((await world.admin.restore.grants.run('dismissed')).grants).toEqual([]);
    const entry = (await story.observer.auditChain()).at(-1)?.entry;
    expect(entry).toMatchObject({ operation: 'dismiss-restored-grants', reason: 'given anew' });
  });

  it('is decided on by an id that waits, or by nobody', async () => {
    await Story.begin('nothing-waits');
    const grant = ['01890000-0000-7000-8000-000000000000'];
    const decide = world.admin.restore.decide(OPERATOR, 'GIVEN', {
      tenant: 'nothing-waits',
      grant,
    });
    await expect(decide).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const both = { tenant: 'nothing-waits', grant, all: true };
    await expect(world.admin.restore.decide(OPERATOR, 'GIVEN', both)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('rows that come back', () => {
  it('keep the names they have, and get others where those are taken', async () => {
    const story = await Story.begin('names');
    const { seed } = story;
    const [above, moved] = [await seed.scope(), await seed.scope(undefined, { name: 'Reports' })];
    const role = await seed.role(['a:b'], { name: 'Clerk' });
    const user = await seed.user();
    const backup = await story.backup();
    await seed.assignment(user, role, moved, { effect: 'DENY' });
    await story.send(`moveScope(scopeId: "${moved}", parentId: "${above}") { revision }`);
    await story.lose(backup);
    await story.send(`retireRole(roleId: "${role}") { revision }`);
    await seed.role(['e:f'], { name: 'clerk' });
    await seed.scope(above, { name: 'Reports' });

    await story.run();
    const [scope] = await world.service.database.query<{ name: string; parent_id: string }>(
      'SELECT name, parent_id FROM scopes WHERE id = $1',
      [moved],
    );
    expect(scope).toEqual({ name: `Reports (${moved})`, parent_id: above });
    const [revived] = await world.service.database.query<{ name: string; retired_at: Date }>(
      'SELECT name, retired_at FROM roles WHERE id = $1',
      [role],
    );
    expect(revived).toEqual({ name: `Clerk (${role})`, retired_at: null });
  });

  it('do not bring back who has been erased', async () => {
    const story = await Story.begin('erased');
    const user = await story.seed.user('jane');
    const backup = await story.backup();
    await story.send(`deprovisionUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    world.gatekeeper.change('erased', (known) => {
      const principals = known.facts.principals.map((principal) =>
        principal.id === user
          ? { ...principal, status: 'ERASED' as const, subject: `erased:${user}` }
          : principal,
      );
      return { ...known, facts: { ...known.facts, principals } };
    });
    await story.run();
    const [row] = await world.service.database.query('SELECT * FROM users WHERE id = $1', [user]);
    expect(row).toMatchObject({ status: 'ERASED', subject: `erased:${user}`, email: null });
    expect(JSON.stringify(row)).not.toContain('jane');
  });
});

describe('a restore without a witness', () => {
  it('begins an epoch that everybody follows, and changes nothing', async () => {
    const story = await Story.begin('alone');
    const user = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    const before = await story.facts();
    const { revision } = await headOf('alone');
    const [report] = await world.admin.restore.run(
      OPERATOR,
      { tenant: 'alone', withoutWitness: true, reason: 'both lost' },
      () => undefined,
    );
    expect(report).toMatchObject({ outcome: 'RESTORED', epoch: 2, witness: null, events: [] });
    expect(await headOf('alone')).toMatchObject({ epoch: 2, revision, began: { witnessed: null } });
    expect(await story.facts()).toEqual(before);
    const entry = (await story.observer.auditChain()).at(-1)?.entry;
    expect(entry).toMatchObject({ operation: 'restore-tenant', reason: 'both lost', epoch: 2 });
    // Whoever has seen more has been settled with it.
    expect(await story.run()).toMatchObject({ outcome: 'NOTHING_TO_DO' });
  });

  it('takes of all tenants those that are known to be fenced', async () => {
    await Story.begin('not-fenced');
    await Story.begin('known-fenced');
    await noteConsumer('known-fenced', { epoch: 1, revision: 9, state: 'FENCED' });
    const results = await world.admin.restore.run(
      OPERATOR,
      { all: true, withoutWitness: true, reason: 'both lost' },
      () => undefined,
    );
    expect(results.map(({ tenantId }) => tenantId)).toEqual(['known-fenced']);
  });

  it('wants a reason, and nothing that contradicts it', async () => {
    const choice = { tenant: 'alone', withoutWitness: true };
    for (const options of [choice, { ...choice, reason: 'x', dryRun: true }]) {
      await expect(
        world.admin.restore.run(OPERATOR, options, () => undefined),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});

describe('a restore that cannot be', () => {
  it('changes nothing while a gatekeeper cannot be asked', async () => {
    const story = await Story.begin('unreachable');
    const backup = await story.backup();
    await story.seed.user();
    await story.lose(backup);
    const rows = await story.observer.rows();
    world.gatekeeper.failing = true;
    try {
      await expect(story.run()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      world.gatekeeper.failing = false;
    }
    expect(await story.observer.rows()).toEqual(rows);
  });

  it('says so where the witness knows another tenant by the id', async () => {
    const story = await Story.begin('other');
    await story.seed.user();
    await world.gatekeeper.follow('other');
    world.gatekeeper.change('other', (known) => ({
      ...known,
      point: { ...known.point, revision: 99 },
      facts: { ...known.facts, scopes: [{ ...known.facts.scopes[0]!, id: 'another-root' }] },
    }));
    await expect(story.run()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('was created anew'),
    });
    expect((await headOf('other')).epoch).toBe(1);
  });

  it('knows no tenant that does not exist', async () => {
    await expect(
      world.admin.restore.plan({ tenant: 'nobody' }, () => undefined),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('warns where somebody has seen more than whoever was asked, or rows were edited', async () => {
    const story = await Story.begin('warned');
    const user = await story.seed.user();
    const backup = await story.backup();
    await story.send(`suspendUser(userId: "${user}") { revision }`);
    await story.lose(backup);
    await noteConsumer('warned', { epoch: 1, revision: 99, state: 'FENCED' });
    world.gatekeeper.change('warned', (known) => ({
      ...known,
      facts: { ...known.facts, groups: [{ id: 'planted' }] },
    }));
    expect((await story.plan()).warnings).toEqual([
      expect.stringContaining('were its rows edited'),
      expect.stringContaining('has seen revision 99'),
    ]);
  });

  it('goes on with the other tenants, and tells how far it is', async () => {
    const story = await Story.begin('aa-fails');
    await story.seed.user();
    await world.gatekeeper.follow('aa-fails');
    world.gatekeeper.change('aa-fails', (known) => ({
      ...known,
      point: { ...known.point, revision: 99 },
      facts: { ...known.facts, scopes: [] },
    }));
    const lines: string[] = [];
    const results = await world.admin.restore.run(OPERATOR, { all: true }, (line) =>
      lines.push(line),
    );
    const outcomes = Object.fromEntries(
      results.map(({ tenantId, outcome }) => [tenantId, outcome]),
    );
    expect(outcomes).toMatchObject({
      'aa-fails': 'FAILED',
      untouched: 'NOTHING_TO_DO',
      platform: 'NOTHING_TO_DO',
    });
    expect(lines).toHaveLength(results.length);
    expect(lines[0]).toMatch(/^1\/\d+ aa-fails: UNAVAILABLE: /);
    world.gatekeeper.forget('aa-fails');
  });
});
