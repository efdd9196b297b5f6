import { ManualClock } from '../../test/support/manual-clock.js';
import { silentLogger } from '../../test/support/silent-logger.js';
import { Poller } from './poller.js';

describe('a poller', () => {
  const poll = (clock: ManualClock, round: () => Promise<void>) =>
    new Poller({ what: 'test', intervalMs: 100, round, clock, logger: silentLogger });

  it('begins a round every interval', async () => {
    const clock = new ManualClock();
    const begun: number[] = [];
    const start = clock.now();
    poll(clock, async () => void begun.push(clock.now() - start)).start();
    await clock.advance(250);
    expect(begun).toEqual([0, 100, 200]);
  });

  it('counts the interval from the beginning of a round, and never runs two at a time', async () => {
    const clock = new ManualClock();
    const begun: number[] = [];
    const start = clock.now();
    const lengths = [30, 250, 0, 0];
    poll(clock, async () => {
      begun.push(clock.now() - start);
      await clock.sleep(lengths.shift() ?? 0);
    }).start();
    await clock.advance(450);
    expect(begun).toEqual([0, 100, 350, 450]);
  });

  it('goes on after a failure', async () => {
    const clock = new ManualClock();
    let rounds = 0;
    poll(clock, () => {
      rounds += 1;
      return Promise.reject(new Error('no'));
    }).start();
    await clock.advance(300);
    expect(rounds).toBe(4);
  });

  it('stops only when the round under way has ended, and begins no other', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    const poller = poll(clock, async () => {
      seen.push('begun');
      await clock.sleep(50);
      seen.push('ended');
    });
    poller.start();
    await clock.advance(10);
    const stopped = poller.stop().then(() => seen.push('stopped'));
    await clock.advance(500);
    await stopped;
    expect(seen).toEqual(['begun', 'ended', 'stopped']);
  });
});
