import { atRest } from '../../test/support/manual-clock.js';
import { LEASE_MS, replicaWorld } from '../../test/support/replica-world.js';

const GRACE_MS = 200;

/** A replica that holds tenant `a` at revision 1, where revision 2 has just been committed. */
async function behind() {
  const world = replicaWorld(undefined, GRACE_MS);
  const { owner, clock, commit, ask } = world;
  commit('a');
  await ask('a');
  let pulls = 0;
  const changes = owner.changes.bind(owner);
  owner.changes = (...args) => {
    pulls += 1;
    return changes(...args);
  };
  await clock.advance(LEASE_MS / 2);
  return { ...world, change: commit('a'), pulls: () => pulls };
}

describe('what a head says to be missing', () => {
  it('earns the lease without a pull when its message comes soon after', async () => {
    const { clock, refresher, holder, change, pulls } = await behind();
    const askedAt = clock.now();
    const renewed = refresher.renewLeases();
    await clock.advance(GRACE_MS / 2);
    refresher.receive(change);
    await clock.advance(GRACE_MS / 2);
    await renewed;
    await atRest();
    expect(pulls()).toBe(0);
    expect(holder.held('a')).toMatchObject({ revision: 2, confirmedAt: askedAt });
  });

  it('earns it also when later changes have come by then', async () => {
    const { clock, refresher, holder, commit, change, pulls } = await behind();
    const askedAt = clock.now();
    const renewed = refresher.renewLeases();
    await atRest();
    refresher.receive(change);
    refresher.receive(commit('a'));
    await clock.advance(GRACE_MS);
    await renewed;
    expect(pulls()).toBe(0);
    expect(holder.held('a')).toMatchObject({ revision: 3, confirmedAt: askedAt });
  });

  it('earns none as long as it is missing', async () => {
    const { clock, refresher, holder } = await behind();
    const askedAt = clock.now();
    void refresher.renewLeases();
    await clock.advance(GRACE_MS - 1);
    expect(holder.held('a')?.confirmedAt).toBeLessThan(askedAt);
  });

  it('is pulled when no message comes', async () => {
    const { clock, refresher, holder, pulls } = await behind();
    const renewed = refresher.renewLeases();
    await clock.advance(GRACE_MS);
    await renewed;
    await atRest();
    expect(pulls()).toBe(1);
    expect(holder.held('a')).toMatchObject({ revision: 2 });
  });
});
