import fc from 'fast-check';
import { RelayWorld } from '../../test/support/relay-world.js';

const LIMITS = {
  readLimit: 6,
  perTenant: 3,
  maxUnderWay: 12,
  pollMs: 500,
  readPauseMs: 0,
  markPauseMs: 0,
};

const tenant = fc.constantFrom('acme', 'globex', 'initech', 'umbrella');
const pick = fc.nat(30);
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant('CONFIRMED' as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('RETURNED' as const, 'NACKED' as const, 'LOST' as const),
  },
);

type Step = (world: RelayWorld) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(tenant, fc.integer({ min: 1, max: 5 })).map(
      ([id, count]): Step =>
        (world) =>
          world.commit(id, count),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.wake()) },
  {
    weight: 12,
    arbitrary: fc.tuple(pick, fate).map(
      ([which, end]): Step =>
        (world) =>
          world.settle(which, end),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.boolean().map(
      (early): Step =>
        (world) =>
          world.answerRead(early),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.applyMark()) },
  { weight: 4, arbitrary: fc.constant<Step>((world) => world.answerMark()) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(50, 200, 600).map(
      (ms): Step =>
        (world) =>
          world.elapse(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(tenant, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 9 }))
      .map(
        ([id, from, more]): Step =>
          (world) =>
            world.replay(id, from, from + more),
      ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.hearReplay()) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.loseLead()) },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.takeLead()) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.applyOrphanedMark()) },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (up): Step =>
        (world) =>
          world.setBroker(up),
    ),
  },
);

const pauses = fc.record({
  readPauseMs: fc.constantFrom(0, 100),
  markPauseMs: fc.constantFrom(0, 300),
});

/** The world checks by itself: sent only what was confirmed, and without a gap. */
describe('RelayTerm, whatever happens in whatever order', () => {
  it('marks only what was confirmed and a prefix of each tenant, and sends all in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), pauses, (steps, paused) => {
        const world = new RelayWorld({ ...LIMITS, ...paused });
        world.takeLead();
        for (const run of steps) run(world);
        world.recover();
        expect(world.unsent).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('RelayTerm', () => {
  function leading(limits = LIMITS): RelayWorld {
    const world = new RelayWorld(limits);
    world.takeLead();
    world.answerRead(false);
    return world;
  }

  /** Reads what is there, as one wake makes it do. */
  function wakeAndRead(world: RelayWorld, reads = 1): void {
    world.wake();
    for (let i = 0; i < reads; i++) world.answerRead(false);
  }

  it.each(['RETURNED', 'NACKED', 'LOST'] as const)('never marks a message that was %s', (fate) => {
    const world = leading();
    world.commit('acme');
    wakeAndRead(world);
    world.settle(0, fate);
    world.answerMark();
    expect(world.unsentOf('acme')).toEqual([1]);
  });

  it('marks what was confirmed before the message that failed, and nothing after it', () => {
    const world = leading();
    world.commit('acme', 3);
    wakeAndRead(world);
    world.settle(2, 'CONFIRMED');
    world.settle(1, 'NACKED');
    world.settle(0, 'CONFIRMED');
    world.answerMark();
    expect(world.unsentOf('acme')).toEqual([2, 3]);
  });

  it('lets other tenants go on while one is held', () => {
    const world = leading();
    world.commit('acme');
    world.commit('globex', 2);
    wakeAndRead(world);
    world.settle(0, 'RETURNED');
    world.settle(0, 'CONFIRMED');
    world.settle(0, 'CONFIRMED');
    world.answerMark();
    world.answerMark();
    world.commit('globex');
    wakeAndRead(world, 2);
    expect(world.inFlight.map((message) => message.tenantId)).toEqual(['globex']);
    expect([world.unsentOf('acme'), world.unsentOf('globex')]).toEqual([[1], [3]]);
  });

  it('tries a held tenant again when its delay has passed', () => {
    const world = leading();
    world.commit('acme');
    wakeAndRead(world);
    world.settle(0, 'NACKED');
    world.answerRead(false);
    world.elapse(99);
    world.answerRead(false);
    expect(world.inFlight).toEqual([]);
    world.elapse(1);
    world.answerRead(false);
    expect(world.inFlight.map((message) => message.revision)).toEqual([1]);
  });

  it('does not read in circles while a tenant with more to send is held', () => {
    const world = leading();
    world.commit('acme');
    wakeAndRead(world);
    world.settle(0, 'NACKED');
    world.answerRead(false);
    world.commit('acme');
    wakeAndRead(world);
    expect(world.isReading).toBe(false);
  });

  it('waits longer each time, and begins anew after a confirm', () => {
    const delays: number[] = [];
    const world = new RelayWorld(LIMITS, (failures) => (delays.push(failures), 100));
    world.takeLead();
    world.answerRead(false);
    for (const fate of ['NACKED', 'NACKED', 'CONFIRMED', 'NACKED'] as const) {
      world.commit('acme');
      world.elapse(500);
      world.answerRead(false);
      while (world.inFlight.length > 0) world.settle(0, fate);
      world.answerMark();
      world.answerRead(false);
    }
    expect(delays).toEqual([0, 1, 0]);
  });

  it('tries every held tenant at once when the broker comes back', () => {
    const world = leading();
    world.commit('acme');
    world.commit('globex');
    wakeAndRead(world);
    world.answerRead(false);
    world.setBroker(false);
    expect(world.inFlight).toEqual([]);
    world.setBroker(true);
    world.answerRead(false);
    expect(world.inFlight).toHaveLength(2);
  });

  it('reads nothing while there is no broker', () => {
    const world = leading();
    world.setBroker(false);
    world.commit('acme');
    wakeAndRead(world);
    world.elapse(10_000);
    world.answerRead(false);
    expect(world.inFlight).toEqual([]);
  });

  it('finds what was committed without a wake', () => {
    const world = leading();
    world.commit('acme');
    world.elapse(LIMITS.pollMs);
    world.answerRead(false);
    expect(world.inFlight).toHaveLength(1);
  });

  it('serves every tenant in one pass, however much the first ones have', () => {
    const world = leading({ ...LIMITS, maxUnderWay: 1_000 });
    for (const id of ['acme', 'globex', 'initech', 'umbrella']) world.commit(id, 500);
    world.commit('zorg');
    wakeAndRead(world, 3);
    expect(world.inFlight.map((message) => message.tenantId)).toContain('zorg');
  });

  it('publishes the next messages of a tenant while earlier ones are in flight', () => {
    const world = leading();
    world.commit('acme', 5);
    wakeAndRead(world, 2);
    expect(world.inFlight.map((message) => message.revision)).toEqual([1, 2, 3, 4, 5]);
  });

  /** A tenant of which 1 to 3 are sent. */
  function withThreeSent(): RelayWorld {
    const world = leading();
    world.commit('acme', 3);
    wakeAndRead(world);
    confirmAndMarkAll(world);
    world.answerRead(false);
    expect(world.unsentOf('acme')).toEqual([]);
    return world;
  }

  function confirmAndMarkAll(world: RelayWorld): void {
    while (world.inFlight.length > 0) {
      world.settle(0, 'CONFIRMED');
      world.answerMark();
    }
  }

  const revisionsInFlight = (world: RelayWorld) => world.inFlight.map(({ revision }) => revision);

  it('publishes what is replayed, and what is committed after it, in order', () => {
    const world = withThreeSent();
    world.replay('acme', 1, 2);
    world.commit('acme');
    world.hearReplay();
    world.answerRead(false);
    expect(revisionsInFlight(world)).toEqual([1, 2, 4]);
  });

  it('comes to what is replayed while the tenant goes on and on', () => {
    const world = withThreeSent();
    world.commit('acme');
    wakeAndRead(world);
    world.replay('acme', 1, 1);
    world.hearReplay();
    world.commit('acme');
    wakeAndRead(world);
    expect(revisionsInFlight(world)).toEqual([4]);
    confirmAndMarkAll(world);
    // The first of them was asked while the tenant was left out.
    for (let read = 0; read < 2; read++) world.answerRead(false);
    expect(revisionsInFlight(world)).toEqual([1, 5]);
  });

  it('lets other tenants go on while one is replayed', () => {
    const world = withThreeSent();
    world.commit('acme');
    wakeAndRead(world);
    world.replay('acme', 1, 1);
    world.hearReplay();
    world.commit('globex');
    wakeAndRead(world, 2);
    expect(world.inFlight.map(({ tenantId }) => tenantId)).toEqual(['acme', 'globex']);
  });

  it('trusts no read that may have looked before the replay', () => {
    const world = withThreeSent();
    world.commit('acme');
    world.wake();
    world.replay('acme', 1, 1);
    world.hearReplay();
    world.answerRead(true);
    expect(revisionsInFlight(world)).toEqual([]);
    world.answerRead(false);
    expect(revisionsInFlight(world)).toEqual([1, 4]);
  });

  it('keeps no more under way than allowed', () => {
    const world = leading();
    for (const id of ['acme', 'globex', 'initech', 'umbrella']) world.commit(id, 50);
    wakeAndRead(world, 20);
    expect(world.inFlight).toHaveLength(LIMITS.maxUnderWay);
  });
});
