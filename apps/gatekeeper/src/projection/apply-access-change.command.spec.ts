import { atRest } from '../../test/support/manual-clock.js';
import { hold, projectorOf, projectorWorld } from '../../test/support/projector-world.js';

describe('the projector', () => {
  it('settles a message only after its change is committed', async () => {
    const { projection, commit, deliver, revisionOf } = projectorWorld();
    deliver(commit('a'));
    await atRest();
    const release = hold(projection);
    const message = deliver(commit('a'));
    await atRest();
    expect(message.settled).toBe(false);
    release();
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).toBe(2);
  });

  it('commits together what arrives while a transaction runs', async () => {
    const { projection, commit, deliver } = projectorWorld();
    deliver(commit('a'));
    await atRest();
    const release = hold(projection);
    for (let revision = 2; revision <= 1_002; revision += 1) {
      deliver(commit('a'));
      if (revision === 2) await atRest();
    }
    release();
    await atRest();
    expect(projection.ranges).toEqual([1, 1, 500, 500]);
  });

  it('puts in order what arrives out of order while a transaction runs', async () => {
    const { projection, owner, commit, deliver, revisionOf } = projectorWorld();
    const [first, second, third] = [commit('a'), commit('a'), commit('a')];
    owner.failing = true;
    const release = hold(projection);
    deliver(first);
    deliver(third);
    deliver(second);
    release();
    await atRest();
    expect(revisionOf('a')).toBe(3);
  });

  it('settles at once what it has applied before, and applies it no second time', async () => {
    const { projection, owner, commit, deliver, revisionOf } = projectorWorld();
    const [first, second] = [commit('a'), commit('a')];
    deliver(first);
    deliver(second);
    await atRest();
    owner.failing = true;
    const duplicate = deliver(first);
    await atRest();
    expect(duplicate.settled).toBe(true);
    expect(revisionOf('a')).toBe(2);
    expect(projection.ranges.reduce((a, b) => a + b)).toBe(2);
  });

  it.each([
    'gap',
    'snapshot required',
    'new epoch',
    'first seen later than its beginning',
  ] as const)('asks the owner on a %s, and lets go of the message meanwhile', async (what) => {
    const { clock, owner, commit, deliver, projection, revisionOf } = projectorWorld();
    if (what !== 'first seen later than its beginning') deliver(commit('a'));
    await atRest();
    if (what === 'new epoch') owner.raiseEpoch('a');
    else commit('a');
    owner.failing = true;
    const message = deliver(
      commit('a', what === 'snapshot required' ? 'SNAPSHOT_REQUIRED' : 'CHANGES'),
    );
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).not.toBe(owner.headAt('a')?.revision);
    owner.failing = false;
    await clock.advance(10_000);
    expect(projection.stateOf('a')?.position).toEqual(owner.pointAt('a'));
  });

  it('takes a snapshot where the owner no longer keeps the changes', async () => {
    const { owner, commit, deliver, projection } = projectorWorld();
    deliver(commit('a'));
    await atRest();
    commit('a');
    owner.forgetChanges('a');
    deliver(commit('a'));
    await atRest();
    expect(projection.stateOf('a')?.position).toEqual(owner.pointAt('a'));
  });

  it('never lets one tenant wait for another one that is stuck', async () => {
    const { owner, commit, deliver, revisionOf } = projectorWorld();
    owner.onTheWay = () => new Promise(() => undefined);
    for (const tenantId of ['s1', 's2', 's3', 's4', 's5', 's6']) {
      commit(tenantId);
      deliver(commit(tenantId));
    }
    await atRest();
    const message = deliver(commit('healthy'));
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('healthy')).toBe(1);
  });

  it('goes on with what came during a repair', async () => {
    const { clock, owner, commit, deliver, projection } = projectorWorld();
    deliver(commit('a'));
    await atRest();
    commit('a');
    owner.onTheWayBack = () => clock.sleep(100);
    deliver(commit('a'));
    await atRest();
    const message = deliver(commit('a'));
    await atRest();
    expect(message.settled).toBe(true);
    await clock.advance(1_000);
    expect(projection.stateOf('a')?.position).toEqual(owner.pointAt('a'));
  });

  it.each(['BEFORE', 'AFTER'] as const)(
    'tries again by itself when the database fails %s the commit',
    async (when) => {
      const { clock, owner, commit, deliver, projection } = projectorWorld();
      projection.failing = when;
      deliver(commit('a'));
      await clock.advance(5_000);
      projection.failing = undefined;
      await clock.advance(20_000);
      expect(projection.stateOf('a')).toEqual({
        position: owner.pointAt('a'),
        factsDigest: owner.headAt('a')?.factsDigest,
        facts: owner.factsAt('a', owner.pointAt('a')!),
      });
    },
  );

  it('goes on from the rows when another replica has written them', async () => {
    const { clock, owner, projection, commit, deliver, revisionOf } = projectorWorld();
    deliver(commit('a'));
    await atRest();
    await projectorOf(projection, owner, clock).run(commit('a'));
    owner.failing = true;
    const message = deliver(commit('a'));
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).toBe(3);
  });

  it('repairs a tenant of which something unreadable came', async () => {
    const { owner, commit, projector, projection } = projectorWorld();
    commit('a');
    projector.repair('a');
    await atRest();
    expect(projection.stateOf('a')?.position).toEqual(owner.pointAt('a'));
  });

  it('finds by comparing heads what no message told of, after they had an interval to come', async () => {
    const { projector, commit, revisionOf } = projectorWorld();
    commit('a');
    await projector.compareHeads();
    await atRest();
    expect(revisionOf('a')).toBeUndefined();
    await projector.compareHeads();
    await atRest();
    expect(revisionOf('a')).toBe(1);
  });

  it('ends its transactions before it stops, and begins no repair', async () => {
    const { projection, projector, owner, commit, deliver, revisionOf } = projectorWorld();
    const release = hold(projection);
    const message = deliver(commit('a'));
    commit('b');
    await atRest();
    const stopped = projector.stop();
    owner.failing = true;
    projector.repair('b');
    release();
    await stopped;
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).toBe(1);
  });

  it('does not wait to stop for an owner that does not answer', async () => {
    const { clock, projector, owner, commit } = projectorWorld();
    commit('a');
    owner.onTheWay = () => new Promise(() => undefined);
    projector.repair('a');
    await atRest();
    let stopped = false;
    void projector.stop().then(() => (stopped = true));
    await atRest();
    expect(stopped).toBe(false);
    await clock.advance(10_000);
    expect(stopped).toBe(true);
  });

  it('is not taken back into an earlier epoch', async () => {
    const { projection, projector, owner, commit } = projectorWorld();
    commit('a');
    owner.raiseEpoch('a');
    projector.repair('a');
    await atRest();
    const before = projection.stateOf('a');
    owner.remove('a');
    commit('a');
    projector.repair('a');
    await atRest();
    expect(before?.position.epoch).toBe(2);
    expect(projection.stateOf('a')).toEqual(before);
  });
});
