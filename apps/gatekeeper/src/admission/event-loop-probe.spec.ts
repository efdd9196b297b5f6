import { setTimeout as sleep } from 'node:timers/promises';
import { delayOf, EventLoopProbe } from './event-loop-probe.js';

const STOPPED_MS = 150;

describe('the delay of the event loop', () => {
  it.each([
    { lateMs: 300, utilization: 1, delayMs: 300, because: 'requests waited all the while' },
    { lateMs: 300, utilization: 0.95, delayMs: 300, because: 'it had hardly a pause' },
    { lateMs: 300, utilization: 0.1, delayMs: 0, because: 'it was asleep and woken late' },
    { lateMs: -0.4, utilization: 1, delayMs: 0, because: 'it was not late' },
  ])('is $delayMs ms where $because', ({ lateMs, utilization, delayMs }) => {
    expect(delayOf(lateMs, utilization)).toBe(delayMs);
  });

  it('is read when the loop was really held up', async () => {
    const readings: number[] = [];
    const probe = new EventLoopProbe((delayMs) => readings.push(delayMs));
    probe.onApplicationBootstrap();
    const end = performance.now() + STOPPED_MS;
    while (performance.now() < end);
    // Its timer was due before this one.
    await sleep(1);
    probe.onApplicationShutdown();
    expect(readings[0]).toBeGreaterThan(STOPPED_MS / 2);
  });
});
