import { once } from 'node:events';
import { Repeating } from './repeating.js';

const FOR_EVER = 1 << 30;

describe('Repeating', () => {
  it('does its work again and again until it is stopped, and then no more', async () => {
    let times = 0;
    const repeating = new Repeating({
      work: () => Promise.resolve(void (times += 1)),
      failed: () => undefined,
      pauseMs: 1,
    });
    repeating.start();
    repeating.start();
    while (times < 3) await new Promise(setImmediate);
    await repeating.stop();
    const before = times;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(times).toBe(before);
  });

  it('goes on after a failure, and tells it', async () => {
    const broken = new Error('broken');
    const repeating = new Repeating({
      work: () => Promise.reject(broken),
      failed: (error) => failures.push(error),
      pauseMs: 1,
    });
    const failures: unknown[] = [];
    repeating.start();
    while (failures.length < 2) await new Promise(setImmediate);
    await repeating.stop();
    expect(failures.slice(0, 2)).toEqual([broken, broken]);
  });

  it('hears who wakes it in the middle of its work', async () => {
    let time = 0;
    const twice = new AbortController();
    const repeating: Repeating = new Repeating({
      work: () => {
        time += 1;
        if (time === 1) repeating.wake();
        else twice.abort();
        return Promise.resolve();
      },
      failed: () => undefined,
      pauseMs: FOR_EVER,
    });
    repeating.start();
    if (!twice.signal.aborted) await once(twice.signal, 'abort');
    await repeating.stop();
    expect(time).toBe(2);
  });

  it('lets the work that is under way end, and tells it to', async () => {
    const log: string[] = [];
    const repeating = new Repeating({
      work: async (stopping) => {
        await once(stopping, 'abort');
        log.push('ended');
      },
      failed: () => undefined,
      pauseMs: FOR_EVER,
    });
    repeating.start();
    await repeating.stop();
    expect(log).toEqual(['ended']);
  });
});
