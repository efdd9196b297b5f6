import { atRest, ManualClock } from '../../test/support/manual-clock.js';
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
