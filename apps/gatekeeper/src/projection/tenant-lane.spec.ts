import { atRest } from '../../test/support/manual-clock.js';
import { hold, projectorOf, projectorWorld } from '../../test/support/projector-world.js';
import type { ChangeSet } from '../owner/index.js';

type World = ReturnType<typeof projectorWorld>;

/** Long enough for any repair to be tried again. */
const PATIENCE_MS = 20_000;

const stateOf = ({ projection, owner }: World, tenantId = 'a') => ({
  bar: projection.barOf(tenantId)?.state ?? 'FOLLOWING',
  inStep: projection.stateOf(tenantId)?.position.digest === owner.pointAt(tenantId)?.digest,
});

/** Projected up to revision 2; `lost` were committed after that, published, and lost with a restore. */
async function restoredWorld(lostRevisions = 1) {
  const world = projectorWorld();
  const { owner, commit, deliver } = world;
  deliver(commit('a'));
  deliver(commit('a'));
  await atRest();
  const lost = Array.from({ length: lostRevisions }, () => commit('a'));
  return { ...world, lost, restore: () => owner.restore('a', lostRevisions) };
}

/** Likewise, with the first of the lost projected, and fenced for that. */
async function fencedWorld(lostRevisions = 1) {
  const world = await restoredWorld(lostRevisions);
  world.deliver(world.lost[0]!);
  await atRest();
  world.restore();
  await world.compare();
  expect(world.projection.barOf('a')).toMatchObject({ state: 'FENCED' });
  return world;
}

describe('a lane whose owner was restored to an earlier point', () => {
  it('is fenced, keeps its rows, and says so', async () => {
    const world = await fencedWorld();
    expect(world.projection.barOf('a')).toEqual({ state: 'FENCED', reason: 'WENT_BACK' });
    expect(world.revisionOf('a')).toBe(3);
    expect(world.projector.seen().get('a')).toMatchObject({
      position: { revision: 3 },
      bar: { state: 'FENCED' },
    });
    expect(world.applied.takeNews()?.positions).toMatchObject([{ revision: 3, state: 'FENCED' }]);
  });

  it.each([1, 2])('finds it when the owner has written %d revisions since', async (written) => {
    const world = await restoredWorld();
    world.deliver(world.lost[0]!);
    await atRest();
    world.restore();
    for (let count = 0; count < written; count += 1) world.commit('a');
    await world.compare();
    expect(world.projection.barOf('a')).toEqual({ state: 'FENCED', reason: 'REWRITTEN' });
    expect(world.projection.stateOf('a')?.position.digest).toBe(world.lost[0]!.digest);
  });

  it('finds it by the first message that does not continue what it has', async () => {
    const world = await restoredWorld();
    world.deliver(world.lost[0]!);
    await atRest();
    world.restore();
    world.commit('a');
    const message = world.deliver(world.commit('a'));
    await atRest();
    expect(message.settled).toBe(true);
    expect(stateOf(world)).toEqual({ bar: 'FENCED', inStep: false });
  });

  it('is fenced by a process that begins with these rows, too', async () => {
    const { projection, owner, clock, deliver, lost, restore } = await restoredWorld();
    deliver(lost[0]!);
    await atRest();
    restore();
    const anew = projectorOf(projection, owner, clock);
    for (let round = 0; round < 3; round += 1) {
      await anew.compareHeads();
      await atRest();
    }
    expect(projection.barOf('a')).toMatchObject({ state: 'FENCED' });
  });

  it('never lets other tenants wait', async () => {
    const { commit, deliver, revisionOf } = await fencedWorld();
    const message = deliver(commit('b'));
    await atRest();
    expect([message.settled, revisionOf('b')]).toEqual([true, 1]);
  });

  it('lets go at once of what the owner writes in its other history', async () => {
    const { commit, deliver, revisionOf, projection, lost } = await fencedWorld();
    const messages = Array.from({ length: 5 }, () => deliver(commit('a')));
    await atRest();
    expect(messages.every(({ settled }) => settled)).toBe(true);
    expect(revisionOf('a')).toBe(3);
    expect(projection.stateOf('a')?.position.digest).toBe(lost[0]!.digest);
  });

  it.each(['at once', 'while it waits to ask the owner again', 'while a transaction runs'])(
    'still takes all that the broker has of the history it knows: %s',
    async (when) => {
      const world = await fencedWorld(1_200);
      const { clock, owner, projection, projector, deliver, lost, revisionOf } = world;
      if (when === 'while it waits to ask the owner again') {
        owner.failing = true;
        await clock.advance(30_000);
      }
      const rest = lost.slice(1);
      const release = hold(projection);
      const messages = [deliver(rest[0]!)];
      if (when === 'while a transaction runs') await atRest();
      messages.push(...rest.slice(1).map((change) => deliver(change)));
      await atRest();
      expect(messages.some(({ settled }) => settled)).toBe(false);
      release();
      await atRest();
      await atRest();
      expect(messages.every(({ settled }) => settled)).toBe(true);
      expect(revisionOf('a')).toBe(1_202);
      expect(projection.stateOf('a')?.facts).toEqual(owner.factsAt('a', rest.at(-1)!));
      expect(projector.seen().get('a')?.bar).toMatchObject({ state: 'FENCED' });
    },
  );

  it('witnesses nothing while it is only behind', async () => {
    const world = await restoredWorld(2);
    const { owner, projector, deliver, lost, revisionOf } = world;
    owner.failing = true;
    projector.repair('a');
    await atRest();
    const message = deliver(lost[0]!);
    await atRest();
    expect([message.settled, revisionOf('a')]).toEqual([true, 2]);
  });

  it.each([
    ['witnessed all that is known here', { epoch: 1, revision: 3 }, 'FOLLOWING'],
    ['witnessed less', { epoch: 1, revision: 2 }, 'FENCED'],
    ['waived its witness', null, 'FOLLOWING'],
  ])('and in an epoch that %s', async (_, witnessed, state) => {
    const world = await fencedWorld();
    const { clock, owner, projection, applied, commit } = world;
    commit('a');
    owner.raiseEpoch('a', witnessed);
    await clock.advance(PATIENCE_MS);
    expect(stateOf(world)).toEqual({ bar: state, inStep: state === 'FOLLOWING' });
    const { epoch } = projection.stateOf('a')!.position;
    expect(applied.takeNews()?.positions).toMatchObject([{ epoch, state }]);
  });

  it('asks whether it is over, more and more rarely', async () => {
    const { clock, owner } = await fencedWorld();
    let asked = 0;
    owner.onTheWay = () => Promise.resolve(void (asked += 1));
    await clock.advance(60_000);
    expect(asked).toBeGreaterThan(5);
    asked = 0;
    await clock.advance(60_000);
    expect(asked).toBeLessThanOrEqual(8);
  });
});

describe('a lane that cannot apply what its owner has', () => {
  const refusal = (code?: string) =>
    Object.assign(new Error('not so'), { name: 'PrismaClientKnownRequestError', code });

  it('takes a snapshot where it is the changes that are not understood', async () => {
    const world = projectorWorld();
    const { owner, projector, commit, deliver } = world;
    deliver(commit('a'));
    await atRest();
    owner.garbled = { changes: true };
    commit('a');
    projector.repair('a');
    await atRest();
    expect(stateOf(world)).toEqual({ bar: 'FOLLOWING', inStep: true });
  });

  it('is quarantined where neither is, and heals by itself', async () => {
    const world = projectorWorld();
    const { clock, owner, projector, applied, commit, deliver } = world;
    deliver(commit('a'));
    await atRest();
    owner.garbled = { changes: true, snapshot: true };
    commit('a');
    projector.repair('a');
    await atRest();
    expect(stateOf(world)).toEqual({ bar: 'QUARANTINED', inStep: false });
    expect(applied.takeNews()?.positions).toMatchObject([{ revision: 1, state: 'QUARANTINED' }]);
    const message = deliver(commit('b'));
    await atRest();
    expect(message.settled).toBe(true);
    owner.garbled = {};
    await clock.advance(PATIENCE_MS);
    expect(stateOf(world)).toEqual({ bar: 'FOLLOWING', inStep: true });
    expect(applied.takeNews()?.positions).toMatchObject([
      { tenantId: 'b' },
      { tenantId: 'a', revision: 2, state: 'FOLLOWING' },
    ]);
  });

  it('is quarantined where the rows refuse it, and not where the database is away', async () => {
    const world = projectorWorld();
    const { clock, projection, projector, commit } = world;
    const replace = projection.replace.bind(projection);
    commit('a');
    for (const [error, state] of [
      [refusal('P1001'), 'FOLLOWING'],
      [refusal(), 'QUARANTINED'],
    ] as const) {
      projection.replace = () => Promise.reject(error);
      projector.repair('a');
      await clock.advance(PATIENCE_MS);
      expect(stateOf(world)).toEqual({ bar: state, inStep: false });
    }
    projection.replace = replace;
    await clock.advance(PATIENCE_MS);
    expect(stateOf(world)).toEqual({ bar: 'FOLLOWING', inStep: true });
  });

  it('says so with the next repair when it could not be said at once', async () => {
    const world = projectorWorld();
    const { clock, owner, projection, projector, commit, deliver } = world;
    deliver(commit('a'));
    await atRest();
    const bar = projection.bar.bind(projection);
    projection.bar = () => Promise.reject(new Error('the database cannot be reached'));
    owner.garbled = { changes: true, snapshot: true };
    commit('a');
    projector.repair('a');
    await atRest();
    expect(projector.seen().get('a')?.bar).toBeNull();
    projection.bar = bar;
    await clock.advance(PATIENCE_MS);
    expect(stateOf(world).bar).toBe('QUARANTINED');
  });
});

describe('taking all rows of a tenant anew', () => {
  /** Projected, and then edited by hand. */
  async function editedWorld() {
    const world = projectorWorld();
    world.deliver(world.commit('a'));
    await atRest();
    world.projection.edit('a', (facts) => ({ ...facts, groups: [{ id: 'planted' }] }));
    const groups = () => world.projection.stateOf('a')?.facts.groups.map(({ id }) => id);
    return { ...world, groups };
  }

  it('replaces them where they are', async () => {
    const world = await editedWorld();
    const seen = await world.projector.resync('a');
    expect(world.groups()).toEqual(['g']);
    expect(seen).toEqual({ position: world.owner.pointAt('a'), bar: null });
  });

  it('does not wait for the time that a repair would', async () => {
    const { clock, owner, projector, groups } = await editedWorld();
    owner.failing = true;
    projector.repair('a');
    await clock.advance(60_000);
    owner.failing = false;
    await projector.resync('a');
    expect(groups()).toEqual(['g']);
  });

  it('is done by a repair that begins afterwards, whatever is under way', async () => {
    const { clock, owner, projector, groups } = await editedWorld();
    owner.onTheWayBack = () => clock.sleep(100);
    projector.repair('a');
    await clock.advance(50);
    let done = false;
    void projector.resync('a').then(() => (done = true));
    await clock.advance(60);
    expect([done, groups()]).toEqual([false, ['planted']]);
    await clock.advance(1_000);
    expect([done, groups()]).toEqual([true, ['g']]);
  });

  it('is tried again by itself when it did not work', async () => {
    const { clock, owner, projector, groups } = await editedWorld();
    owner.failing = true;
    await projector.resync('a');
    expect(groups()).toEqual(['planted']);
    owner.failing = false;
    await clock.advance(PATIENCE_MS);
    expect(groups()).toEqual(['g']);
  });

  it.each([0, 2])('is refused by another history, %d revisions on', async (written) => {
    const { owner, projection, projector, commit, groups } = await editedWorld();
    owner.remove('a');
    for (let count = 0; count <= written; count += 1) commit('a');
    const { bar } = await projector.resync('a');
    expect(bar).toMatchObject({ state: 'FENCED' });
    expect(groups()).toEqual(['planted']);
    expect(projection.stateOf('a')?.position.revision).toBe(1);
  });

  it('is given up when the process stops', async () => {
    const { owner, projector, clock } = await editedWorld();
    owner.failing = true;
    await projector.resync('a');
    owner.onTheWay = () => clock.sleep(1_000);
    await clock.advance(150);
    const resynced = projector.resync('a');
    const stopped = projector.stop();
    await clock.advance(PATIENCE_MS);
    await stopped;
    await resynced;
    await projector.resync('a');
  });
});

describe('a lane under repair', () => {
  it('asks again when something unreadable comes after it has asked', async () => {
    const world = projectorWorld();
    const { projection, projector, commit, deliver } = world;
    deliver(commit('a'));
    await atRest();
    commit('a');
    const bar = projection.bar.bind(projection);
    let release = (): void => undefined;
    projection.bar = async (...barred) => {
      await new Promise<void>((resolve) => (release = resolve));
      return bar(...barred);
    };
    projector.repair('a');
    await atRest();
    expect(stateOf(world).inStep).toBe(true);
    commit('a');
    projector.repair('a');
    release();
    await atRest();
    expect(stateOf(world).inStep).toBe(true);
  });
});

describe('what a lane tells of how far it is', () => {
  it('is every position, once it is committed', async () => {
    const { projection, applied, commit, deliver } = projectorWorld();
    const release = hold(projection);
    const change: ChangeSet = commit('a');
    deliver(change);
    await atRest();
    expect(applied.takeNews()).toBeNull();
    release();
    await atRest();
    const { tenantId, epoch, revision, digest } = change;
    const state = 'FOLLOWING';
    expect(applied.takeNews()?.positions).toEqual([{ tenantId, epoch, revision, digest, state }]);
  });

  it('is told with the comparison of heads, too', async () => {
    const { owner, projector, commit, deliver } = projectorWorld();
    const heads = owner.heads.bind(owner);
    const told: unknown[] = [];
    owner.heads = (tenantIds, ...rest: unknown[]) => {
      told.push(...rest);
      return heads(tenantIds);
    };
    deliver(commit('a'));
    await atRest();
    await projector.compareHeads();
    await projector.compareHeads();
    expect(told).toMatchObject([
      { positions: [{ tenantId: 'a', revision: 1 }] },
      { positions: [] },
    ]);
  });
});
