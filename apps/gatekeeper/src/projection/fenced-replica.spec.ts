import { FACTS_PER_STEP } from '@bastion/policy';
import { atRest } from '../../test/support/manual-clock.js';
import type { OwnerDouble } from '../../test/support/owner-double.js';
import { LEASE_MS, replicaWorld } from '../../test/support/replica-world.js';

const at = (revision: number, epoch = 1) => ({ epoch, revision });

describe('a replica whose owner was restored to an earlier point', () => {
  /** Held up to revision 3, of which the owner has lost the last. */
  async function restoredWorld() {
    const world = replicaWorld();
    for (const revision of [1, 2, 3]) {
      world.commit('a');
      expect(await world.ask('a', at(revision))).toEqual(at(revision));
    }
    world.owner.restore('a', 1);
    return world;
  }

  it.each<[string, string, (owner: OwnerDouble) => void]>([
    ['WENT_BACK', 'is at an earlier revision', () => undefined],
    ['REWRITTEN', 'wrote another one', (owner) => void owner.commit('a', [])],
    [
      'REWRITTEN',
      'wrote more than it lost',
      (owner) => void [owner.commit('a', []), owner.commit('a', [])],
    ],
    ['UNWITNESSED', 'began an epoch without this', (owner) => owner.raiseEpoch('a', at(2))],
  ])('is fenced as %s when it %s, and keeps what it knows', async (fork, _, goOn) => {
    const { owner, holder, applied, renew, ask } = await restoredWorld();
    const before = holder.held('a');
    goOn(owner);
    for (let round = 0; round < 3; round += 1) {
      await renew();
      expect(await ask('a')).toBe('QUARANTINED');
    }
    expect(holder.know('a')).toEqual({
      kind: 'BARRED',
      bar: { state: 'FENCED', reason: fork },
      held: before,
    });
    expect(applied.takeNews()?.positions).toMatchObject([{ ...at(3), state: 'FENCED' }]);
  });

  it('finds it by a message of the other history too', async () => {
    const { owner, holder, refresher, ask } = await restoredWorld();
    owner.commit('a', []);
    refresher.receive(owner.commit('a', []));
    await atRest();
    expect(await ask('a')).toBe('QUARANTINED');
    expect(holder.held('a')).toMatchObject(at(3));
  });

  it('finds it though the lost revision comes by message while a later snapshot is built', async () => {
    const { owner, holder, refresher, reader } = replicaWorld();
    const groups = Array.from({ length: 4 * FACTS_PER_STEP }, (_, n) => ({ id: `g${n}` }));
    owner.commit(
      'a',
      groups.map((group) => ({ type: 'group-created', group })),
    );
    await reader.read('a');
    const lost = owner.commit('a', []);
    owner.restore('a', 1);
    for (let n = 0; n < 2; n += 1) owner.commit('a', []);
    const retaken = refresher.retake('a');
    await new Promise(setImmediate);
    refresher.receive(lost);
    expect(holder.held('a')).toMatchObject(at(2));
    await retaken;
    expect(holder.barOf('a')).toEqual({ state: 'FENCED', reason: 'REWRITTEN' });
    expect(holder.held('a')).toMatchObject({ ...at(2), digest: lost.digest });
  });

  it('denies nothing of other tenants', async () => {
    const { commit, renew, ask } = await restoredWorld();
    commit('b');
    await ask('b');
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
    expect(await ask('b')).toEqual(at(1));
  });

  it.each([
    ['witnessed all that is known here', at(3)],
    ['witnessed more', at(9)],
    ['began without a witness, as an operator said', null],
  ])('goes on with it in an epoch that %s', async (_, witnessed) => {
    const { clock, owner, renew, ask } = await restoredWorld();
    await renew();
    owner.commit('a', []);
    owner.raiseEpoch('a', witnessed);
    await clock.advance(20_000);
    await renew();
    expect(await ask('a')).toEqual(at(3, 2));
  });

  it('goes on with it as if nothing had been, where it comes back as it was', async () => {
    const { clock, owner, commit, renew, ask } = replicaWorld();
    commit('a');
    commit('a');
    await ask('a');
    const heads = owner.heads.bind(owner);
    // For a moment another one answers, which knows less.
    owner.heads = async (...asked) => {
      const answer = await heads(...asked);
      return { ...answer, heads: answer.heads.map((head) => ({ ...head, revision: 1 })) };
    };
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
    owner.heads = heads;
    await clock.advance(20_000);
    await renew();
    expect(await ask('a')).toEqual(at(2));
  });

  it.each([1, 2])(
    'is not led astray by %d messages from before that overtake the answer',
    async (messages) => {
      const { clock, owner, holder, refresher, commit, reader, ask } = replicaWorld();
      commit('a');
      await ask('a');
      await clock.advance(LEASE_MS);
      const lost = [commit('a'), commit('a')].slice(0, messages);
      owner.restore('a', 2);
      commit('a');
      owner.onTheWayBack = () => clock.sleep(100);
      const renewed = refresher.renewLeases();
      await atRest();
      for (const change of lost) refresher.receive(change);
      const held = holder.held('a')!;
      expect(held).toMatchObject(at(1 + messages));
      await clock.advance(100);
      await renewed;
      expect(reader.standingOf(holder.held('a')!)).toBe('STALE');
      await clock.advance(1_000);
      expect(holder.know('a')).toMatchObject({ kind: 'BARRED', bar: { state: 'FENCED' } });
      expect(holder.held('a')).toMatchObject({ digest: held.digest });
    },
  );

  it('never puts a snapshot in the place of what a message from before has brought', async () => {
    const { clock, owner, holder, refresher, commit, ask } = replicaWorld();
    commit('a');
    await ask('a');
    const lost = commit('a');
    owner.restore('a', 1);
    for (let revision = 2; revision <= 5; revision += 1) commit('a');
    owner.forgetChanges('a');
    owner.onTheWayBack = () => clock.sleep(100);
    const pulled = refresher.refresh('a');
    await clock.advance(150);
    refresher.receive(lost);
    await clock.advance(1_000);
    await pulled;
    expect(holder.held('a')).toMatchObject(at(2));
    expect(holder.barOf('a')).toEqual({ state: 'FENCED', reason: 'REWRITTEN' });
  });

  it('is fenced by what the projection still has, after it began anew', async () => {
    const { owner, commit, store, renew, ask } = replicaWorld();
    commit('a');
    commit('a');
    store('a');
    owner.restore('a', 1);
    commit('a');
    commit('a');
    expect(await ask('a')).toBe('QUARANTINED');
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
  });

  it('is fenced likewise by a projection whose facts are damaged', async () => {
    const { owner, stored, holder, commit, store, ask } = replicaWorld();
    commit('a');
    commit('a');
    store('a');
    stored.set('a', { ...stored.get('a')!, factsDigest: `1:${'0'.repeat(64)}` });
    owner.restore('a', 1);
    commit('a');
    commit('a');
    expect(await ask('a')).toBe('QUARANTINED');
    expect(holder.barOf('a')).toEqual({ state: 'FENCED', reason: 'REWRITTEN' });
  });

  it('takes no position of the history that was lost for reached, whatever number it has', async () => {
    const { owner, commit, renew, ask } = replicaWorld();
    commit('a');
    const lost = commit('a');
    owner.restore('a', 1);
    await ask('a');
    commit('a');
    commit('a');
    await renew();
    expect(await ask('a', lost)).toBe('HISTORY_ENDED');
    expect(await ask('a', owner.pointAt('a'))).toEqual(at(3));
  });

  it('asks whether a position is of its history that is older than what it remembers', async () => {
    const { owner, commit, ask } = replicaWorld();
    const first = commit('a');
    for (let count = 0; count < 100; count += 1) commit('a');
    await ask('a');
    expect(await ask('a', first)).toEqual(at(101));
    owner.failing = true;
    expect(await ask('a', first)).toEqual(at(101));
    const other = { ...first, digest: owner.pointAt('a')!.digest };
    expect(await ask('a', other)).toBe('STALE');
    owner.failing = false;
    expect(await ask('a', other)).toBe('HISTORY_ENDED');
  });

  it('gives nobody what they had in a tenant of the same name that was removed', async () => {
    const { clock, owner, commit, store, renew, ask } = replicaWorld();
    commit('a');
    commit('a');
    store('a');
    await ask('a');
    owner.remove('a');
    for (let revision = 1; revision <= 3; revision += 1) commit('a');
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
    owner.raiseEpoch('a', null);
    await clock.advance(20_000);
    await renew();
    expect(await ask('a')).toEqual(at(3, 2));
  });
});
