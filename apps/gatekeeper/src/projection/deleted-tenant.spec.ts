import { factsOfNothing, TOMBSTONE } from '@bastion/policy';
import { atRest } from '../../test/support/manual-clock.js';
import { projectorWorld } from '../../test/support/projector-world.js';
import { LEASE_MS, replicaWorld, WAIT_MS } from '../../test/support/replica-world.js';

const DELETION = [{ type: 'tenant-deleted', tenant: TOMBSTONE }] as const;

describe('a replica of a tenant that is deleted', () => {
  async function heldWorld() {
    const world = replicaWorld();
    world.commit('a');
    expect(await world.ask('a')).toEqual({ epoch: 1, revision: 1 });
    return world;
  }

  it('answers as of one that does not exist, from the message on', async () => {
    const { owner, refresher, holder, ask } = await heldWorld();
    refresher.receive(owner.commit('a', DELETION));
    expect(await ask('a')).toBe('NO_TENANT');
    expect(holder.held('a')?.snapshot.facts()).toEqual(factsOfNothing(TOMBSTONE));
    expect(await ask('a', { epoch: 1, revision: 2 })).toBe('NO_TENANT');
  });

  it('learns it with the heads where no message comes', async () => {
    const { owner, renew, ask } = await heldWorld();
    owner.commit('a', DELETION);
    await renew();
    expect(await ask('a')).toBe('NO_TENANT');
  });

  it('learns it from the snapshot where the range is no longer kept', async () => {
    const { owner, commit, renew, ask } = await heldWorld();
    commit('a');
    owner.commit('a', DELETION);
    owner.forgetChanges('a');
    await renew();
    expect(await ask('a')).toBe('NO_TENANT');
  });

  it('does not answer from what the projection has of it, however long it was away', async () => {
    const { owner, commit, store, database, clock, ask } = replicaWorld();
    commit('a');
    store('a');
    owner.commit('a', DELETION);
    owner.forgetChanges('a');
    owner.failing = true;
    expect(await ask('a')).toBe('STALE');
    await clock.advance(10 * LEASE_MS);
    expect(await ask('a')).toBe('STALE');
    owner.failing = false;
    await clock.advance(60_000);
    expect(await ask('a')).toBe('NO_TENANT');
    expect(database.failing).toBe(false);
  });

  it('denies when it can no longer confirm that, and answers so again when it can', async () => {
    const { owner, refresher, clock, renew, ask } = await heldWorld();
    refresher.receive(owner.commit('a', DELETION));
    expect(await ask('a')).toBe('NO_TENANT');
    owner.failing = true;
    await clock.advance(LEASE_MS + WAIT_MS);
    expect(await ask('a')).toBe('STALE');
    owner.failing = false;
    await clock.advance(60_000);
    await renew();
    expect(await ask('a')).toBe('NO_TENANT');
  });

  it('is fenced by an owner that was restored to before the deletion, and allows nothing again', async () => {
    const { owner, refresher, commit, renew, ask } = await heldWorld();
    refresher.receive(owner.commit('a', DELETION));
    owner.restore('a', 1);
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
    for (let n = 0; n < 3; n += 1) commit('a');
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
  });

  it('stays fenced when it is deleted again there without the witness having been asked', async () => {
    const { owner, refresher, renew, ask } = await heldWorld();
    refresher.receive(owner.commit('a', DELETION));
    owner.restore('a', 1);
    owner.commit('a', DELETION);
    await renew();
    expect(await ask('a')).toBe('QUARANTINED');
  });

  it('goes on with an owner that was restored and has deleted it again for this witness', async () => {
    const { clock, owner, refresher, renew, ask } = await heldWorld();
    refresher.receive(owner.commit('a', DELETION));
    owner.restore('a', 1);
    await renew();
    owner.commit('a', DELETION);
    owner.raiseEpoch('a', { epoch: 1, revision: 2 });
    await clock.advance(60_000);
    await renew();
    expect(await ask('a')).toBe('NO_TENANT');
  });
});

describe('the projection of a tenant that is deleted', () => {
  it('is its tombstone: by message, by pull and by snapshot', async () => {
    for (const way of ['message', 'pull', 'snapshot'] as const) {
      const { owner, projection, commit, deliver, compare } = projectorWorld();
      deliver(commit('a'));
      await atRest();
      const deletion = owner.commit('a', DELETION);
      if (way === 'snapshot') owner.forgetChanges('a');
      if (way === 'message') deliver(deletion);
      else await compare();
      await atRest();
      const state = projection.stateOf('a');
      expect([way, state?.position.revision]).toEqual([way, 2]);
      expect(state?.facts).toEqual(factsOfNothing(TOMBSTONE));
    }
  });

  it('is not touched by an owner that merely does not know the tenant', async () => {
    const { owner, projection, commit, deliver, compare } = projectorWorld();
    deliver(commit('a'));
    await atRest();
    owner.remove('a');
    await compare();
    expect(projection.stateOf('a')?.facts.groups).toEqual([{ id: 'g' }]);
  });
});
