import { ManualClock } from '../../test/support/manual-clock.js';
import { silentLogger as logger } from '../../test/support/silent-logger.js';
import { WallClockGuard } from './wall-clock.guard.js';

const UNCERTAINTY_MS = 250;
const HOUR_MS = 3_600_000;

/** A guard over two clocks that has asked once, and an owner whose time of day is right. */
function guarded(uncertaintyMs = UNCERTAINTY_MS) {
  const parts = beginning(uncertaintyMs);
  parts.ask();
  return parts;
}

/** The same before anybody was asked. */
function beginning(uncertaintyMs = UNCERTAINTY_MS) {
  const monotonic = new ManualClock();
  const wall = { ahead: 0 };
  const trueTime = () => monotonic.now() + 1_700_000_000_000;
  const guard = new WallClockGuard({
    monotonic,
    wall: () => trueTime() + wall.ahead,
    uncertaintyMs,
    logger,
  });
  /** Asks an owner that looks at its clock in the middle of that time. */
  const ask = (ms = 0, ownerAhead = 0) => {
    const askedAt = monotonic.now();
    monotonic.jump(ms / 2);
    const ownerNow = trueTime() + ownerAhead;
    monotonic.jump(ms / 2);
    guard.compare(ownerNow, askedAt, monotonic.now());
  };
  return { guard, wall, monotonic, ask };
}

describe('the guard of the wall clock', () => {
  it('trusts nothing before the owner was asked, and not a clock that was wrong from the beginning', () => {
    const { guard, ask } = beginning();
    expect(guard.trusted).toBe(false);
    ask();
    expect(guard.trusted).toBe(true);
    const wrong = beginning();
    wrong.wall.ahead = HOUR_MS;
    wrong.ask();
    expect(wrong.guard.trusted).toBe(false);
  });

  it('trusts its own clock where the owner does not tell the time, until it jumps', () => {
    const { guard, wall } = beginning();
    guard.compare(null, 0, 0);
    expect(guard.trusted).toBe(true);
    wall.ahead = HOUR_MS;
    expect(guard.trusted).toBe(false);
    guard.compare(null, 0, 0);
    expect(guard.trusted).toBe(false);
  });

  it('trusts a clock that goes on like the other one', () => {
    const { guard, monotonic, ask } = guarded();
    for (let hour = 0; hour < 24; hour += 1) {
      monotonic.jump(HOUR_MS);
      ask();
      expect(guard.trusted).toBe(true);
    }
  });

  it.each([-HOUR_MS, HOUR_MS, -UNCERTAINTY_MS - 1, UNCERTAINTY_MS + 1])(
    'trusts it no more after it jumped by %d ms, before anybody was asked',
    (jump) => {
      const { guard, wall } = guarded();
      wall.ahead = jump;
      expect(guard.trusted).toBe(false);
    },
  );

  it('trusts it within the bound, which is always far enough for reading two clocks', () => {
    const { guard, wall } = guarded();
    wall.ahead = UNCERTAINTY_MS;
    expect(guard.trusted).toBe(true);
    const exact = guarded(0);
    exact.wall.ahead = 1;
    expect(exact.guard.trusted).toBe(true);
    exact.wall.ahead = 3;
    expect(exact.guard.trusted).toBe(false);
  });

  it('takes slewing for no jump, as long as it compares', () => {
    const { guard, wall, ask } = guarded();
    for (let second = 0; second < 100; second += 1) {
      wall.ahead += 10;
      ask(10, wall.ahead);
      expect(guard.trusted).toBe(true);
    }
  });

  it('does not take a jump for slewing because the owner is asked right after it', () => {
    const { guard, wall, ask } = guarded();
    wall.ahead = HOUR_MS;
    ask();
    expect(guard.trusted).toBe(false);
  });

  it('is not reconciled by the clock jumping back alone', () => {
    const { guard, wall } = guarded();
    wall.ahead = HOUR_MS;
    expect(guard.trusted).toBe(false);
    wall.ahead = 0;
    expect(guard.trusted).toBe(false);
  });

  it.each([
    ['it was set right', 0, 0],
    ['the owner is off by as much', HOUR_MS, HOUR_MS],
    ['what is left is within the bound', UNCERTAINTY_MS, 0],
  ])('trusts it again once it agrees with the owner’s: %s', (_, ahead, ownerAhead) => {
    const { guard, wall, ask } = guarded();
    wall.ahead = -HOUR_MS;
    expect(guard.trusted).toBe(false);
    ask();
    expect(guard.trusted).toBe(false);
    wall.ahead = ahead;
    ask(0, ownerAhead);
    expect(guard.trusted).toBe(true);
    wall.ahead -= HOUR_MS;
    expect(guard.trusted).toBe(false);
  });

  it('takes no slow answer for an agreement: too much can have happened on its way', () => {
    const { guard, wall, ask } = guarded();
    wall.ahead = HOUR_MS;
    expect(guard.trusted).toBe(false);
    wall.ahead = 1_000;
    ask(2_500);
    expect(guard.trusted).toBe(false);
    wall.ahead = 0;
    ask(400);
    expect(guard.trusted).toBe(true);
  });
});
