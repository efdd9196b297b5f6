import { atRest, ManualClock } from '../../test/support/manual-clock.js';
import { projectorWorld } from '../../test/support/projector-world.js';
import { Gathering } from './gathering.js';

const NEVER = new AbortController().signal;

function gathering() {
  const clock = new ManualClock();
  const gathered = new Gathering({ clock, ms: 100, enough: 10 });
  const wait = (lastAt: number, cut = NEVER) => {
    const waiting = { over: false };
    void gathered.wait(lastAt, cut).then(() => (waiting.over = true));
    return waiting;
  };
  return { clock, gathered, wait };
}

describe('gathering', () => {
  it('makes nobody wait whose last transaction was long ago', async () => {
    const { clock, wait } = gathering();
    const waiting = wait(clock.now() - 100);
    await atRest();
    expect(waiting.over).toBe(true);
  });

  it('leaves a pause between two transactions', async () => {
    const { clock, wait } = gathering();
    const waiting = wait(clock.now() - 40);
    await clock.advance(59);
    expect(waiting.over).toBe(false);
    await clock.advance(1);
    expect(waiting.over).toBe(true);
  });

  it('is over for all when enough have arrived, of whichever tenant, and begins anew after that', async () => {
    const { clock, gathered, wait } = gathering();
    const [one, other] = [wait(clock.now()), wait(clock.now())];
    gathered.count(9);
    await atRest();
    expect([one.over, other.over]).toEqual([false, false]);
    gathered.count(1);
    const third = wait(clock.now());
    await atRest();
    expect([one.over, other.over, third.over]).toEqual([true, true, true]);
    gathered.count(-1);
    const fourth = wait(clock.now());
    await atRest();
    expect(fourth.over).toBe(false);
  });

  it('ends with the process', async () => {
    const { clock, wait } = gathering();
    const stopping = new AbortController();
    const waiting = wait(clock.now(), stopping.signal);
    stopping.abort();
    await atRest();
    expect(waiting.over).toBe(true);
  });
});

describe('a lane under load', () => {
  it('writes what was quiet at once, and what comes soon after together, and acknowledges it then', async () => {
    const { clock, projection, commit, deliver, revisionOf } = projectorWorld(1_000);
    deliver(commit('a'));
    await atRest();
    expect(revisionOf('a')).toBe(1);
    const messages = [deliver(commit('a')), deliver(commit('a')), deliver(commit('a'))];
    await clock.advance(999);
    expect(revisionOf('a')).toBe(1);
    expect(messages.map(({ settled }) => settled)).toEqual([false, false, false]);
    await clock.advance(1);
    expect(revisionOf('a')).toBe(4);
    expect(messages.map(({ settled }) => settled)).toEqual([true, true, true]);
    expect(projection.ranges).toEqual([1, 3]);
  });

  it('lets no tenant wait for another one', async () => {
    const { commit, deliver, revisionOf } = projectorWorld(1_000);
    deliver(commit('a'));
    await atRest();
    deliver(commit('a'));
    deliver(commit('b'));
    await atRest();
    expect([revisionOf('a'), revisionOf('b')]).toEqual([1, 1]);
  });

  it('writes what has arrived when it stops', async () => {
    const { projector, commit, deliver, revisionOf } = projectorWorld(1_000);
    deliver(commit('a'));
    await atRest();
    const message = deliver(commit('a'));
    await atRest();
    await projector.stop();
    expect([revisionOf('a'), message.settled]).toEqual([2, true]);
  });
});
