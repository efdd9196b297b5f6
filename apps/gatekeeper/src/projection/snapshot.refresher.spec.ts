import { FACTS_PER_STEP } from '@bastion/policy';
import { jest } from '@jest/globals';
import { atRest } from '../../test/support/manual-clock.js';
import type { OwnerDouble } from '../../test/support/owner-double.js';
import { silentLogger } from '../../test/support/silent-logger.js';
import { LEASE_MS, replicaWorld, WAITING_PLACES } from '../../test/support/replica-world.js';

const at = (revision: number, epoch = 1) => ({ epoch, revision });

describe('a replica', () => {
  it('loads a tenant at the first question, from the projection and then the rest from the owner', async () => {
    const { owner, commit, store, ask } = replicaWorld();
    commit('a');
    store('a');
    commit('a');
    const snapshots = countSnapshots(owner);
    expect(await ask('a')).toEqual(at(2));
    expect(snapshots()).toBe(0);
  });

  it('loads from the owner alone where the projection cannot be read', async () => {
    const { database, commit, ask } = replicaWorld();
    commit('a');
    database.failing = true;
    expect(await ask('a')).toEqual(at(1));
  });

  it('answers from nothing loaded that the owner has not confirmed', async () => {
    const { owner, commit, store, ask } = replicaWorld();
    commit('a');
    store('a');
    owner.failing = true;
    expect(await ask('a')).toBe('STALE');
  });

  it('applies the next revision at once, without asking anybody', async () => {
    const { owner, refresher, commit, holder, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.failing = true;
    refresher.receive(commit('a'));
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('pulls at once when a message was lost', async () => {
    const { refresher, commit, holder, ask } = replicaWorld();
    commit('a');
    await ask('a');
    commit('a');
    refresher.receive(commit('a'));
    await atRest();
    expect(holder.held('a')).toMatchObject(at(3));
  });

  it('misses nothing that arrives while the tenant is loaded', async () => {
    const { clock, owner, refresher, commit, holder, reader } = replicaWorld();
    commit('a');
    owner.onTheWayBack = () => clock.sleep(100);
    void reader.read('a');
    await atRest();
    refresher.receive(commit('a'));
    await clock.advance(500);
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('ignores messages of tenants that nobody asks about', async () => {
    const { owner, refresher, commit, holder } = replicaWorld();
    owner.failing = true;
    refresher.receive(commit('a'));
    expect(holder.held('a')).toBeUndefined();
  });

  it('finds by its leases what no message told of', async () => {
    const { refresher, commit, holder, ask } = replicaWorld();
    commit('a');
    await ask('a');
    commit('a');
    await refresher.renewLeases();
    await atRest();
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('denies past its lease, and answers again after a round trip', async () => {
    const { clock, owner, refresher, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.failing = true;
    await clock.advance(LEASE_MS);
    expect(await ask('a')).toBe('STALE');
    owner.failing = false;
    await clock.advance(10_000);
    await refresher.renewLeases();
    expect(await ask('a')).toEqual(at(1));
  });

  it('counts a lease from the asking, however late the answer comes', async () => {
    const { clock, owner, refresher, reader, holder, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    await clock.advance(LEASE_MS);
    owner.onTheWayBack = () => clock.sleep(LEASE_MS - 1);
    const renewed = refresher.renewLeases();
    await clock.advance(LEASE_MS - 1);
    await renewed;
    const held = holder.held('a');
    expect(held && reader.standingOf(held)).toBe('FRESH');
    clock.jump(1);
    expect(held && reader.standingOf(held)).toBe('STALE');
  });

  it('gives no lease by messages alone', async () => {
    const { clock, owner, refresher, holder, reader, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.failing = true;
    await clock.advance(LEASE_MS);
    refresher.receive(commit('a'));
    const held = holder.held('a');
    expect(held).toMatchObject(at(2));
    expect(held && reader.standingOf(held)).toBe('STALE');
  });

  it('after having been stopped gives no answer of before', async () => {
    const { clock, owner, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    clock.jump(LEASE_MS);
    owner.failing = true;
    expect(await ask('a')).toBe('STALE');
  });

  it('waits for the revision asked for, and no longer than it takes', async () => {
    const { clock, owner, refresher, reader, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.onTheWay = () => clock.sleep(1_500);
    const change = commit('a');
    const asked = reader.read('a', at(2));
    await clock.advance(10);
    refresher.receive(change);
    expect(await asked).toMatchObject({ kind: 'PRESENT', held: at(2) });
  });

  it('pulls for the revision asked for when no message brings it', async () => {
    const { commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    commit('a');
    expect(await ask('a', at(2))).toEqual(at(2));
  });

  it('denies when the revision asked for does not come in time', async () => {
    const { owner, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.failing = true;
    expect(await ask('a', at(2))).toBe('STALE');
  });

  it('takes no position of an epoch that is over for reached', async () => {
    const { owner, commit, ask } = replicaWorld();
    commit('a');
    owner.raiseEpoch('a');
    commit('a');
    expect(await ask('a', at(1))).toBe('HISTORY_ENDED');
  });

  it('follows its owner into a new epoch, and not back into an earlier one', async () => {
    const { clock, owner, refresher, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.raiseEpoch('a');
    expect(await ask('a', at(1, 2))).toEqual(at(1, 2));
    owner.remove('a');
    commit('a');
    await clock.advance(LEASE_MS);
    await refresher.renewLeases();
    expect(await ask('a')).toBe('QUARANTINED');
  });

  it('tells a tenant that does not exist from one it does not know', async () => {
    const { owner, ask } = replicaWorld();
    expect(await ask('nowhere')).toBe('NO_TENANT');
    owner.failing = true;
    expect(await ask('elsewhere')).toBe('STALE');
  });

  it('finds a tenant at the first message after it was told that there is none', async () => {
    const { refresher, commit, ask } = replicaWorld();
    expect(await ask('a')).toBe('NO_TENANT');
    refresher.receive(commit('a'));
    expect(await ask('a')).toEqual(at(1));
  });

  it('believes no longer than a lease that there is no such tenant', async () => {
    const { clock, commit, ask } = replicaWorld();
    expect(await ask('a')).toBe('NO_TENANT');
    commit('a');
    await clock.advance(LEASE_MS);
    expect(await ask('a')).toEqual(at(1));
  });

  it('drops a tenant that its owner no longer has', async () => {
    const { owner, refresher, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.remove('a');
    await refresher.renewLeases();
    expect(await ask('a')).toBe('NO_TENANT');
  });

  it('holds no more tenants than it may, and forgets the longest unused', async () => {
    const { clock, refresher, holder, commit, ask } = replicaWorld({
      maxTenants: 2,
      idleMs: 60_000,
    });
    for (const tenantId of ['a', 'b', 'c']) {
      commit(tenantId);
      await ask(tenantId);
    }
    await refresher.renewLeases();
    expect(holder.tenantIds()).toEqual(['b', 'c']);
    await clock.advance(60_000);
    await refresher.renewLeases();
    expect(holder.tenantIds()).toEqual([]);
  });

  it('holds what it has memory for, and a tenant that is larger than that by itself, which it says once', async () => {
    const warn = jest.spyOn(silentLogger, 'warn');
    const { refresher, holder, commit, ask } = replicaWorld({ maxBytes: 1 });
    for (const tenantId of ['a', 'b']) commit(tenantId);
    expect(await ask('a')).toEqual(at(1));
    expect(await ask('b')).toEqual(at(1));
    expect(holder.tenantIds()).toEqual(['b']);
    await refresher.renewLeases();
    expect(holder.tenantIds()).toEqual(['b']);
    expect(await ask('a')).toEqual(at(1));
    const said = warn.mock.calls.filter(([, message]) => message.includes('exceeds the memory'));
    expect(said.map(([fields]) => fields)).toMatchObject([{ tenantId: 'a' }, { tenantId: 'b' }]);
    warn.mockRestore();
  });

  it('counts what its tenants grow to', async () => {
    const size = await oneTenantsBytes();
    const { refresher, owner, holder, commit, ask } = replicaWorld({ maxBytes: 2 * size });
    for (const tenantId of ['a', 'b']) {
      commit(tenantId);
      await ask(tenantId);
    }
    expect(holder.tenantIds()).toEqual(['a', 'b']);
    const groups = Array.from({ length: 100 }, (_, n) => ({ id: `group-${n}` }));
    refresher.receive(
      owner.commit(
        'b',
        groups.map((group) => ({ type: 'group-created', group })),
      ),
    );
    await refresher.renewLeases();
    expect(holder.tenantIds()).toEqual(['b']);
  });

  it('refuses questions that would wait when too many of their tenant do, and no others', async () => {
    const { clock, owner, reader, holder, commit, ask } = replicaWorld();
    for (const tenantId of ['slow', 'other', 'held']) commit(tenantId);
    await ask('held');
    owner.onTheWayBack = () => clock.sleep(100);
    const waiting = Array.from(
      { length: WAITING_PLACES / 2 },
      async () => await reader.read('slow'),
    );
    await expect(reader.read('slow')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await reader.read('held')).toMatchObject({ kind: 'PRESENT' });
    const other = reader.read('other');
    await clock.advance(300);
    expect(await other).toMatchObject({ kind: 'PRESENT' });
    for (const reading of await Promise.all(waiting)) expect(reading.kind).toBe('PRESENT');
    holder.forget('slow');
    const again = Array.from({ length: WAITING_PLACES / 2 }, async () => await reader.read('slow'));
    await clock.advance(300);
    for (const reading of await Promise.all(again)) expect(reading.kind).toBe('PRESENT');
  });

  it.each(['owner', 'projection'])(
    'answers about others while it loads a large tenant from the %s',
    async (source) => {
      const { owner, reader, holder, commit, store } = replicaWorld();
      const groups = Array.from({ length: 20 * FACTS_PER_STEP }, (_, n) => ({ id: `g${n}` }));
      owner.commit(
        'large',
        groups.map((group) => ({ type: 'group-created', group })),
      );
      if (source === 'projection') store('large');
      for (const tenantId of ['held', 'small']) commit(tenantId);
      await reader.read('held');
      const answered: string[] = [];
      const note = async (tenantId: string) => {
        await reader.read(tenantId);
        answered.push(tenantId);
      };
      const large = note('large');
      await note('held');
      await atRest();
      expect(holder.held('large')).toBeUndefined();
      await Promise.all([large, note('small'), note('held')]);
      expect(answered).toEqual(['held', 'held', 'small', 'large']);
    },
  );

  it('reads few tenants at a time from the projection, and loads them all', async () => {
    const { stored, reader, commit, store } = replicaWorld();
    const tenantIds = Array.from({ length: 30 }, (_, n) => `tenant-${n}`);
    for (const tenantId of tenantIds) {
      commit(tenantId);
      store(tenantId);
    }
    const reads: string[] = [];
    const get = stored.get.bind(stored);
    stored.get = (tenantId) => {
      reads.push(tenantId);
      return get(tenantId);
    };
    const readings = tenantIds.map(async (tenantId) => await reader.read(tenantId));
    expect(reads).toEqual(tenantIds.slice(0, 4));
    for (const reading of await Promise.all(readings)) expect(reading.kind).toBe('PRESENT');
    expect(reads).toEqual(tenantIds);
  });

  it('takes no snapshot in the place of what came by message while it was built', async () => {
    const { owner, refresher, holder, reader, commit } = replicaWorld();
    const groups = Array.from({ length: 4 * FACTS_PER_STEP }, (_, n) => ({ id: `g${n}` }));
    owner.commit(
      'a',
      groups.map((group) => ({ type: 'group-created', group })),
    );
    await reader.read('a');
    const retaken = refresher.retake('a');
    await new Promise(setImmediate);
    refresher.receive(commit('a'));
    expect(holder.held('a')).toMatchObject(at(2));
    await retaken;
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('leaves an owner that fails alone for a while', async () => {
    const { owner, reader, commit } = replicaWorld();
    commit('a');
    owner.failing = true;
    let requests = 0;
    owner.onTheWay = () => Promise.resolve(void (requests += 1));
    for (let question = 0; question < 50; question += 1) {
      expect(await reader.read('a')).toEqual({ kind: 'STALE' });
    }
    expect(requests).toBe(1);
  });
});

/** What a tenant of these tests takes. */
async function oneTenantsBytes(): Promise<number> {
  const { holder, commit, ask } = replicaWorld();
  commit('a');
  await ask('a');
  return holder.held('a')?.bytes ?? 0;
}

/** Counts how often all facts are asked for. */
function countSnapshots(owner: OwnerDouble): () => number {
  let snapshots = 0;
  const snapshot = owner.snapshot.bind(owner);
  owner.snapshot = (tenantId) => {
    snapshots += 1;
    return snapshot(tenantId);
  };
  return () => snapshots;
}
