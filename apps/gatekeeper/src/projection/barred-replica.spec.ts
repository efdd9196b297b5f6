import { sha256 } from '@bastion/platform';
import { buildSnapshot, digestOfFacts } from '@bastion/policy';
import { LEASE_MS, replicaWorld, WAIT_MS } from '../../test/support/replica-world.js';

type World = ReturnType<typeof replicaWorld>;

const at = (revision: number, epoch = 1) => ({ epoch, revision });

const servesStale = (maxStaleMs: number) => ({
  type: 'tenant-stale-mode-changed' as const,
  tenant: { status: 'ACTIVE' as const, staleMode: 'SERVE' as const, maxStaleMs },
});

describe('a replica whose facts are not those of its owner', () => {
  /** As a bug or a bit that tipped would have it: another group, and the digest of that. */
  function damage({ holder }: World): void {
    const { snapshot, ...point } = holder.held('a')!;
    const facts = { ...snapshot.facts(), groups: [{ id: 'planted' }] };
    holder.put('a', point, buildSnapshot(facts), digestOfFacts(facts, sha256));
  }
  const groupsOf = ({ holder }: World) => holder.held('a')?.snapshot.facts().groups;

  it.each<[string, (world: World) => unknown]>([
    ['by asking for heads', ({ refresher }) => refresher.renewLeases()],
    ['by the next change', ({ refresher, commit }) => refresher.receive(commit('a'))],
    ['by pulling nothing new', ({ refresher }) => refresher.refresh('a')],
    ['by pulling changes', ({ refresher, commit }) => refresher.refresh('a', commit('a'))],
  ])('finds it %s, answers nothing meanwhile, and takes all of them anew', async (_, find) => {
    const world = replicaWorld();
    world.commit('a');
    await world.ask('a');
    damage(world);
    world.owner.onTheWayBack = () => world.clock.sleep(100);
    void find(world);
    await world.clock.advance(150);
    const bar = { state: 'QUARANTINED' };
    expect(world.holder.know('a')).toMatchObject({ kind: 'BARRED', bar });
    await world.clock.advance(1_000);
    const head = world.owner.pointAt('a')!;
    expect(world.holder.know('a')).toMatchObject({ kind: 'PRESENT', held: head });
    expect(groupsOf(world)).toEqual([{ id: 'g' }]);
    expect(await world.ask('a')).toEqual(at(head.revision));
  });

  it('is not admitted by a pull that began before it was found', async () => {
    const world = replicaWorld();
    const { clock, owner, holder, refresher, commit, ask } = world;
    commit('a');
    await ask('a');
    commit('a');
    owner.onTheWayBack = () => clock.sleep(100);
    const pulled = refresher.refresh('a');
    await clock.advance(50);
    damage(world);
    void refresher.reload('a', 'found meanwhile');
    await clock.advance(60);
    expect(holder.know('a')?.kind).toBe('BARRED');
    await clock.advance(5_000);
    await pulled;
    expect(holder.know('a')?.kind).toBe('PRESENT');
    expect(groupsOf(world)).toEqual([{ id: 'g' }]);
  });

  it('does not begin with such from the projection, and takes a snapshot instead', async () => {
    const world = replicaWorld();
    const { stored, commit, store, ask } = world;
    commit('a');
    store('a');
    const { facts, ...point } = stored.get('a')!;
    stored.set('a', { ...point, facts: { ...facts, groups: [{ id: 'planted' }] } });
    expect(await ask('a')).toEqual(at(1));
    expect(groupsOf(world)).toEqual([{ id: 'g' }]);
  });

  it('takes the rows of an owner that is wrong about itself, and follows it', async () => {
    const { owner, holder, refresher, commit, renew, ask } = replicaWorld();
    owner.counted = (facts) => ({ ...facts, groups: [...facts.groups, { id: 'ghost' }] });
    commit('a');
    expect(await ask('a')).toEqual(at(1));
    refresher.receive(commit('a'));
    await renew();
    expect(await ask('a')).toEqual(at(2));
    expect(holder.held('a')?.snapshot.group('ghost')).toBeUndefined();
  });
});

describe('a replica that does not understand its owner', () => {
  it('takes a snapshot where it is the changes that it does not understand', async () => {
    const { owner, refresher, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    owner.garbled = { changes: true };
    commit('a');
    refresher.receive(commit('a'));
    expect(await ask('a', at(3))).toEqual(at(3));
  });

  it('answers nothing of the tenant where it understands neither, until it does', async () => {
    const { clock, owner, holder, commit, renew, ask } = replicaWorld();
    for (const tenantId of ['a', 'b']) {
      commit(tenantId);
      await ask(tenantId);
    }
    owner.garbled = { changes: true, snapshot: true };
    commit('a');
    await renew();
    expect(holder.barOf('a')).toMatchObject({ state: 'QUARANTINED' });
    expect(await ask('a')).toBe('QUARANTINED');
    expect(await ask('b')).toEqual(at(1));
    owner.garbled = {};
    await clock.advance(20_000);
    await renew();
    expect(await ask('a')).toEqual(at(2));
  });

  it('answers nothing of a tenant that it has never understood, until it does', async () => {
    const { clock, owner, commit, renew, ask } = replicaWorld();
    commit('a');
    owner.garbled = { snapshot: true };
    await ask('a');
    expect(await ask('a')).toBe('QUARANTINED');
    owner.garbled = {};
    await clock.advance(20_000);
    await renew();
    expect(await ask('a')).toEqual(at(1));
  });
});

describe('a replica past its lease', () => {
  it('serves a tenant that wants it, at once and up to its bound', async () => {
    const { clock, owner, reader, ask } = replicaWorld();
    owner.commit('a', [servesStale(12_000)]);
    await ask('a');
    const confirmedAt = clock.now() - WAIT_MS;
    owner.onTheWay = () => new Promise(() => undefined);
    await clock.advance(LEASE_MS);
    const reading = await reader.read('a');
    if (reading.kind !== 'PRESENT') throw new Error(reading.kind);
    expect(reader.standingOf(reading.held)).toBe('SERVABLE');
    clock.jump(confirmedAt + 12_000 - clock.now() - 1);
    expect(reader.standingOf(reading.held)).toBe('SERVABLE');
    clock.jump(1);
    expect(reader.standingOf(reading.held)).toBe('STALE');
    expect(await ask('a')).toBe('STALE');
  });

  it('serves no tenant that is fenced', async () => {
    const { clock, owner, commit, renew, ask } = replicaWorld();
    owner.commit('a', [servesStale(600_000)]);
    commit('a');
    await ask('a');
    owner.restore('a', 1);
    await renew();
    owner.failing = true;
    await clock.advance(LEASE_MS);
    expect(await ask('a')).toBe('QUARANTINED');
  });

  it('serves nothing older than what is asked for', async () => {
    const { clock, owner, commit, ask } = replicaWorld();
    owner.commit('a', [servesStale(600_000)]);
    await ask('a');
    owner.failing = true;
    commit('a');
    await clock.advance(LEASE_MS);
    expect(await ask('a', at(1))).toEqual(at(1));
    expect(await ask('a', at(2))).toBe('STALE');
  });
});

describe('a replica whose wall clock jumped', () => {
  it.each([-3_600_000, 3_600_000])(
    'answers nothing after %d ms, stale or not, until its owner agrees with the clock',
    async (jump) => {
      const { clock, wall, owner, reader, holder, renew, ask } = replicaWorld();
      owner.commit('a', [servesStale(600_000)]);
      await ask('a');
      const held = holder.held('a')!;
      expect(reader.standingOf(held)).toBe('FRESH');
      wall.ahead = jump;
      expect(reader.standingOf(held)).toBe('STALE');
      await renew();
      expect(await ask('a')).toBe('STALE');
      wall.ahead = 0;
      expect(await ask('a')).toBe('STALE');
      await clock.advance(10_000);
      await renew();
      expect(await ask('a')).toEqual(at(1));
    },
  );
});
