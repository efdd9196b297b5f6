import { type AdminRun, runAdminHere } from './support/admin-run.js';
import { AdminWorld } from './support/admin-world.js';
import { Seed } from './support/seed.js';
import { TenantBackup } from './support/tenant-backup.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.start();
});

afterAll(() => world.stop());

function admin(...args: string[]): Promise<AdminRun> {
  return runAdminHere(args);
}

/** What a run answers with `--json`, and its exit status. */
async function json(...args: string[]): Promise<{ status: number | null; data: unknown }> {
  const { status, out, error } = await admin(...args, '--json');
  expect(error).toBe('');
  return { status, data: JSON.parse(out) as unknown };
}

async function tenant(id: string): Promise<Seed> {
  const seed = new Seed(world.service, await world.service.createTenant(id));
  await seed.user();
  return seed;
}

interface Told {
  readonly id: string;
  readonly kind?: 'PROJECTION' | 'REPLICA';
  readonly epoch?: number;
  readonly revision: number;
  readonly state?: string;
  /** From now, ms. */
  readonly lease?: number;
}

/** How far a consumer has said to be. */
async function consumer(tenantId: string, told: Told): Promise<void> {
  const { id, kind = 'PROJECTION', epoch = 1, revision, state = 'FOLLOWING', lease = 0 } = told;
  await world.service.database.query(
    `INSERT INTO consumer_positions
       (tenant_id, consumer_id, kind, epoch, revision, digest, state, accepts, lease_until)
     VALUES ($1, $2, $3, $4, $5, '', $6, '{}', now() + $7 * interval '1 millisecond')`,
    [tenantId, id, kind, epoch, revision, state, lease],
  );
}

async function age(tenantId: string, minutes: number): Promise<void> {
  await world.service.database.query(
    `UPDATE outbox_messages SET committed_at = now() - $2 * interval '1 minute'
     WHERE tenant_id = $1`,
    [tenantId, minutes],
  );
}

describe('admin sync lag', () => {
  it('shows how far each consumer is, and since when it lacks something', async () => {
    await tenant('lag');
    await consumer('lag', { id: 'gatekeeper', revision: 1 });
    await consumer('lag', { id: 'replica-1', kind: 'REPLICA', revision: 2, lease: 60_000 });
    const { status, data } = await json('sync', 'lag', '--tenant', 'lag');
    expect(status).toBe(0);
    expect(data).toEqual([
      {
        tenantId: 'lag',
        epoch: 1,
        revision: 2,
        pending: 2,
        oldestUnsentAt: expect.any(String),
        problems: [],
        consumers: [
          expect.objectContaining({
            consumerId: 'gatekeeper',
            kind: 'PROJECTION',
            revision: 1,
            behind: 1,
            behindSince: expect.any(String),
            state: 'FOLLOWING',
            leaseUntil: null,
          }),
          expect.objectContaining({
            consumerId: 'replica-1',
            kind: 'REPLICA',
            behind: 0,
            behindSince: null,
            leaseUntil: expect.any(String),
          }),
        ],
      },
    ]);
    const { out } = await admin('sync', 'lag', '--tenant', 'lag');
    expect(out).toMatch(/^lag +1 +1 +projection gatekeeper +FOLLOWING +1 +- +[\d.]+ s ago$/m);
    expect(out).toMatch(/^lag +1 +2 +replica replica-1 +FOLLOWING +0 +[\d.]+ s +[\d.]+ s ago$/m);
  });

  it.each(['FENCED', 'QUARANTINED'])('finds a consumer that is %s', async (state) => {
    const id = `lag-${state.toLowerCase()}`;
    await tenant(id);
    await consumer(id, { id: 'gatekeeper', revision: 2, state });
    const { status, out } = await admin('sync', 'lag', '--tenant', id);
    expect(status).toBe(1);
    expect(out).toContain(`${id}: the projection gatekeeper is ${state}\n`);
  });

  it('finds what is behind for long, but no process that is gone', async () => {
    await tenant('lag-long');
    await age('lag-long', 5);
    await consumer('lag-long', { id: 'gatekeeper', revision: 1 });
    await consumer('lag-long', { id: 'gone', kind: 'REPLICA', revision: 1, lease: -1_000 });
    const { status, data } = await json('sync', 'lag', '--tenant', 'lag-long');
    expect(status).toBe(1);
    expect(data).toMatchObject([
      { problems: ['the projection gatekeeper is behind for more than a minute'] },
    ]);
  });

  it('does not know how far behind somebody of another epoch is', async () => {
    await tenant('lag-epoch');
    await consumer('lag-epoch', { id: 'gatekeeper', epoch: 2, revision: 1 });
    const { data } = await json('sync', 'lag', '--tenant', 'lag-epoch');
    expect(data).toMatchObject([{ consumers: [{ behind: null, behindSince: null }] }]);
  });

  it('shows all tenants, and knows none that does not exist', async () => {
    const { data } = await json('sync', 'lag');
    const ids = (data as { tenantId: string }[]).map(({ tenantId }) => tenantId);
    expect(ids).toEqual(expect.arrayContaining(['lag', 'platform']));
    expect(await admin('sync', 'lag', '--tenant', 'nobody')).toMatchObject({ status: 3 });
  });
});

describe('admin sync compare', () => {
  it('finds the same facts everywhere', async () => {
    await tenant('same');
    await world.gatekeeper.follow('same');
    const { status, data } = await json('sync', 'compare', '--tenant', 'same');
    expect({ status, data }).toMatchObject({
      status: 0,
      data: [
        {
          tenantId: 'same',
          agrees: true,
          errors: [],
          counts: [
            { who: 'owner', epoch: 1, revision: 2, verdict: 'SAME' },
            { who: `${world.gatekeeper.url} projection`, revision: 2, verdict: 'SAME' },
            { who: `${world.gatekeeper.url} memory`, revision: 2, verdict: 'SAME' },
          ],
        },
      ],
    });
    const { out } = await admin('sync', 'compare', '--tenant', 'same');
    expect(out).toMatch(/^same +owner +1 +2 +1:[0-9a-f]{12} +SAME$/m);
  });

  it('finds rows of a projection that were changed', async () => {
    await tenant('differs');
    await world.gatekeeper.follow('differs');
    world.gatekeeper.change('differs', (known) => ({
      ...known,
      facts: { ...known.facts, groups: [{ id: 'planted' }] },
    }));
    expect(await verdicts('differs')).toEqual({ status: 1, found: ['SAME', 'DIFFERS', 'SAME'] });
  });

  it('finds rows of the owner that were changed, and not by a command', async () => {
    await tenant('edited');
    await world.gatekeeper.follow('edited');
    await world.service.database.query(
      `UPDATE users SET subject = 'somebody-else' WHERE tenant_id = 'edited' AND user_name = 'user-1'`,
    );
    const { status, found } = await verdicts('edited');
    expect({ status, found }).toEqual({ status: 1, found: ['DIFFERS', 'DIFFERS', 'DIFFERS'] });
  });

  it('does not compare what is of other revisions', async () => {
    const seed = await tenant('moved');
    await world.gatekeeper.follow('moved');
    await seed.user();
    expect(await verdicts('moved')).toEqual({ status: 1, found: ['SAME', 'MOVED', 'MOVED'] });
  });

  it('tells another history at the same revision', async () => {
    await tenant('forked');
    await world.gatekeeper.follow('forked');
    world.gatekeeper.change('forked', (known) => ({
      ...known,
      point: { ...known.point, digest: 'f'.repeat(64) },
    }));
    expect(await verdicts('forked')).toEqual({ status: 1, found: ['SAME', 'FORKED', 'FORKED'] });
  });

  it('says what could not be asked', async () => {
    await tenant('unasked');
    const absent = await admin('sync', 'compare', '--tenant', 'unasked');
    expect(absent).toMatchObject({ status: 1 });
    expect(absent.out).toContain(`unasked: ${world.gatekeeper.url} has no projection`);
    world.gatekeeper.failing = true;
    const down = await admin('sync', 'compare', '--tenant', 'unasked');
    world.gatekeeper.failing = false;
    expect(down.status).toBe(1);
    expect(down.out).toContain('answered 503');
  });

  async function verdicts(tenantId: string) {
    const { status, data } = await json('sync', 'compare', '--tenant', tenantId);
    const [comparison] = data as { counts: { verdict: string }[] }[];
    return { status, found: comparison?.counts.map(({ verdict }) => verdict) };
  }
});

describe('admin sync resync', () => {
  it('has every gatekeeper take the tenant anew', async () => {
    await tenant('resync');
    await world.gatekeeper.follow('resync');
    const { status, out } = await admin('sync', 'resync', '--tenant', 'resync');
    expect(status).toBe(0);
    expect(out).toMatch(/^resync +http:\S+ +1\/2 +1\/2 +FOLLOWING$/m);
    expect(world.gatekeeper.resynced).toContain('resync');
  });

  it('tells how far it is with all tenants, and where one is barred still', async () => {
    await tenant('resync-barred');
    await world.gatekeeper.follow('resync-barred');
    world.gatekeeper.bars.set('resync-barred', { state: 'QUARANTINED', reason: 'poison' });
    const { status, out, error } = await admin('sync', 'resync', '--all');
    expect(status).toBe(1);
    expect(error).toContain('resync-barred …\n');
    expect(out).toMatch(/^resync-barred +http:\S+ +1\/2 +1\/2 +QUARANTINED: poison$/m);
  });

  it('wants either a tenant or all of them', async () => {
    for (const choice of [[], ['--tenant', 'resync', '--all']]) {
      expect(await admin('sync', 'resync', ...choice)).toMatchObject({
        status: 2,
        out: '',
        error: expect.stringMatching(/^INVALID_INPUT: /),
      });
    }
  });
});

describe('admin sync lift', () => {
  it('has a quarantined tenant taken anew', async () => {
    await tenant('lift');
    await world.gatekeeper.follow('lift');
    world.gatekeeper.bars.set('lift', { state: 'QUARANTINED', reason: 'poison' });
    const { status } = await admin('sync', 'lift', '--tenant', 'lift');
    expect(status).toBe(1);
    expect(world.gatekeeper.resynced).toContain('lift');
  });

  it('leaves a tenant alone that is not barred', async () => {
    await tenant('lift-well');
    await world.gatekeeper.follow('lift-well');
    const { status, out } = await admin('sync', 'lift', '--tenant', 'lift-well');
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('nothing to lift') });
    expect(world.gatekeeper.resynced).not.toContain('lift-well');
  });

  it('does not lift a fence, and says what does', async () => {
    await tenant('lift-fenced');
    await world.gatekeeper.follow('lift-fenced');
    world.gatekeeper.bars.set('lift-fenced', { state: 'FENCED', reason: 'WENT_BACK' });
    const { status, out } = await admin('sync', 'lift', '--tenant', 'lift-fenced');
    expect({ status, out }).toEqual({ status: 1, out: expect.stringContaining('admin restore') });
    expect(world.gatekeeper.resynced).not.toContain('lift-fenced');
  });
});

describe('admin sync forget', () => {
  it('forgets a consumer in all tenants, and enters it in the audit of the platform', async () => {
    for (const id of ['forget-1', 'forget-2']) {
      await tenant(id);
      await consumer(id, { id: 'retired', revision: 1, state: 'FENCED', lease: -1 });
      await consumer(id, { id: 'kept', revision: 2, lease: -1 });
    }
    const { status, out } = await admin(
      '--operator',
      'eve',
      'sync',
      'forget',
      '--consumer',
      'retired',
    );
    expect({ status, out }).toEqual({ status: 0, out: 'retired: forgotten in 2 tenants\n' });
    const left = await world.service.database.query<{ consumer_id: string }>(
      `SELECT consumer_id FROM consumer_positions WHERE tenant_id LIKE 'forget-%'`,
    );
    expect(left.map((row) => row.consumer_id)).toEqual(['kept', 'kept']);
    const [audited] = await world.service.database.query<{ entry: object }>(
      `SELECT entry FROM audit_entries WHERE tenant_id = 'platform' ORDER BY sequence DESC LIMIT 1`,
    );
    expect(audited?.entry).toMatchObject({ operation: 'forget-consumer' });
    expect(JSON.stringify(audited)).toContain('eve');
    expect(JSON.stringify(audited)).toContain('retired');
  });

  it('forgets nobody who may answer still', async () => {
    await tenant('forget-leased');
    const replica = { id: 'leased', kind: 'REPLICA', revision: 2, lease: 600_000 } as const;
    await consumer('forget-leased', replica);
    const refused = await admin('sync', 'forget', '--consumer', 'leased');
    expect(refused).toMatchObject({
      status: 4,
      error: expect.stringContaining('may answer until'),
    });
    const { data } = await json('sync', 'lag', '--tenant', 'forget-leased');
    expect(data).toMatchObject([{ consumers: [{ consumerId: 'leased' }] }]);
  });

  it('knows none that nobody has heard of', async () => {
    expect(await admin('sync', 'forget', '--consumer', 'nobody')).toMatchObject({ status: 3 });
  });
});

describe('admin restore', () => {
  it('is told what it would do, does it, and asks about the rest', async () => {
    const seed = await tenant('restore');
    const [user, role] = [await seed.user(), await seed.role(['a:b'])];
    const lost = await seed.assignment(user, role);
    const backup = await TenantBackup.take(world.service.database, 'restore');
    const unassign = `mutation { unassignRole(assignmentId: "${lost}") { revision } }`;
    await world.service.as('restore', 'admin@restore').answer(unassign);
    const group = await seed.group([{ kind: 'USER', id: user }]);
    await world.gatekeeper.follow('restore');
    await backup.restore();

    for (const command of [['plan'], ['run', '--dry-run']]) {
      const planned = await admin('restore', ...command, '--tenant', 'restore');
      expect(planned).toMatchObject({ status: 1, error: '' });
      expect(planned.out).toMatch(/^restore: to be restored$/m);
      expect(planned.out).toMatch(/^ +the owner was at +epoch 1, revision 5$/m);
      expect(planned.out).toMatch(/^ +the witness is at +epoch 1, revision 8, WENT_BACK \(http/m);
      expect(planned.out).toMatch(/^ +they parted after +epoch 1, revision 5: 3 lost$/m);
      expect(planned.out).toMatch(/^ +the new epoch +2$/m);
      expect(planned.out).toMatch(/^ +written again +role-unassigned 1$/m);
      expect(planned.out).toMatch(/^ +held back +group 1, membership 1$/m);
    }
    const restored = await admin('restore', 'run', '--tenant', 'restore', '--reason', 'incident');
    expect(restored).toMatchObject({ status: 0, error: '' });
    expect(restored.out).toMatch(/^restore: restored$/m);
    const again = await admin('restore', 'run', '--tenant', 'restore');
    expect(again).toMatchObject({ status: 0, out: expect.stringContaining('nothing to do') });

    const listed = await admin('restore', 'grants', '--tenant', 'restore');
    expect(listed.out).toMatch(new RegExp(`group +${group} +yes$`, 'm'));
    expect(listed.out).toMatch(new RegExp(`membership +user-2 in ${group} +yes$`, 'm'));
    const { data } = await json('restore', 'grants', '--tenant', 'restore');
    const { grants } = data as { grants: { id: string; fact: { kind: string } }[] };
    const membership = grants.find(({ fact }) => fact.kind === 'membership')!;
    const early = await admin(
      'restore',
      'approve',
      '--tenant',
      'restore',
      '--grant',
      membership.id,
    );
    expect(early).toMatchObject({
      status: 1,
      out: `Given: 0, refused: 1\n  ${membership.id} NOT_FOUND: There is no such group.\n`,
    });
    expect(await admin('restore', 'approve', '--tenant', 'restore', '--all')).toMatchObject({
      status: 0,
      out: 'Given: 2\n',
    });
    expect(await admin('restore', 'grants', '--tenant', 'restore')).toMatchObject({
      out: 'Nothing waits for a decision.\n',
    });
    expect(await admin('restore', 'dismiss', '--tenant', 'restore', '--all')).toMatchObject({
      status: 0,
      out: 'Dismissed: 0\n',
    });
  });

  it('goes through all tenants, and tells how far it is', async () => {
    const { status, out, error } = await admin('restore', 'run', '--all');
    expect(status).toBe(0);
    expect(error).toMatch(/^\d+\/\d+ platform: NOTHING_TO_DO$/m);
    expect(out).toMatch(/^same: nothing to do\./m);
    expect(out).toMatch(/^forked: restored$/m);
    // The history of its witness ends where it was rewritten.
    expect(out).toMatch(/^ +they parted +at a revision that is not known$/m);
  });
});

describe('every command about the sync', () => {
  it.each([
    ['sync'],
    ['sync', 'lag'],
    ['sync', 'compare'],
    ['sync', 'resync'],
    ['sync', 'lift'],
    ['restore'],
    ['restore', 'plan'],
    ['restore', 'run'],
    ['restore', 'grants'],
    ['restore', 'approve'],
    ['restore', 'dismiss'],
  ])('is explained by --help, with examples: admin %s %s', async (...command) => {
    const { status, out } = await admin(...command, '--help');
    expect(status).toBe(0);
    expect(out).toMatch(/^Usage: admin/);
    if (command.length > 1) expect(out).toMatch(/Examples?:\n +admin /);
  });

  it.each([
    ['sync', 'compare'],
    ['sync', 'resync', '--all'],
    ['sync', 'lift', '--tenant', 'same'],
    ['restore', 'plan', '--all'],
    ['restore', 'run', '--tenant', 'same'],
  ])('that asks gatekeeper says what is missing to reach it: admin %s %s', async (...command) => {
    const { GATEKEEPER_URLS } = process.env;
    delete process.env['GATEKEEPER_URLS'];
    const { status, error } = await admin(...command);
    process.env['GATEKEEPER_URLS'] = GATEKEEPER_URLS;
    expect(status).toBe(4);
    expect(error).toContain('GATEKEEPER_URLS is missing');
  });

  it('that does not ask it needs nothing to reach it', async () => {
    const { GATEKEEPER_URLS } = process.env;
    delete process.env['GATEKEEPER_URLS'];
    const { status } = await admin('sync', 'lag', '--tenant', 'same');
    process.env['GATEKEEPER_URLS'] = GATEKEEPER_URLS;
    expect(status).toBe(0);
  });
});
