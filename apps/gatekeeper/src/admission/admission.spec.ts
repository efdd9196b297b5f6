import { OverloadedError } from '@bastion/platform';
import fc from 'fast-check';
import { NaiveAdmission } from '../../test/support/naive-admission.js';
import { silentLogger as logger } from '../../test/support/silent-logger.js';
import { Admission, STANDING_MS } from './admission.js';
import { WINDOW_MS } from './admitted-window.js';

const MAX_DELAY_MS = 50;
const tenants = ['a', 'b', 'c', 'd'];

function admissionAt(start = 0) {
  const clock = { now: start };
  const admission = new Admission({ now: () => clock.now, maxDelayMs: MAX_DELAY_MS, logger });
  const isAdmitted = (act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      if (error instanceof OverloadedError) return false;
      throw error;
    }
  };
  const request = (tenantId: string) => isAdmitted(() => admission.admitRequest(tenantId));
  const questions = (tenantId: string, count: number) =>
    isAdmitted(() => admission.admitQuestions(tenantId, count));
  /** Lets time pass with readings of that delay. */
  const pass = (ms: number, delayMs: number) => {
    for (const end = clock.now + ms; clock.now < end; clock.now += 20) admission.noteDelay(delayMs);
  };
  return { clock, admission, request, questions, pass };
}

const anyTenant = fc.constantFrom(...tenants);
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('REQUEST' as const),
      tenantId: anyTenant,
      times: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('QUESTIONS' as const),
      tenantId: anyTenant,
      count: fc.integer({ min: 1, max: 100 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('DELAY' as const),
      delayMs: fc.constantFrom(0, 50, 60, 70, 80, 90, 90),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('TIME' as const),
      ms: fc.constantFrom(1, 20, 99, 100, 150, 400),
    }),
  },
);

describe('admission', () => {
  it('refuses whom a naive model refuses, and nobody while there is no overload', () => {
    let refusals = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), (steps) => {
        const { clock, admission, request, questions } = admissionAt(12_345);
        const naive = new NaiveAdmission(MAX_DELAY_MS);
        const agree = (isAdmitted: boolean, expected: boolean): void => {
          // Asked only when it is not so: `expect` is slow, and this runs a million times.
          if (isAdmitted !== expected) expect(isAdmitted).toBe(expected);
          if (isAdmitted) return;
          expect(naive.isOverloaded).toBe(true);
          refusals += 1;
        };
        for (const step of steps) {
          switch (step.kind) {
            case 'REQUEST':
              for (let n = 0; n < step.times; n += 1) {
                agree(request(step.tenantId), naive.admit(step.tenantId, 1, clock.now));
              }
              break;
            case 'QUESTIONS': {
              const { tenantId, count } = step;
              const excused = count > 1 ? 1 : Infinity;
              const expected = naive.admit(tenantId, count, clock.now, excused);
              agree(questions(tenantId, count), expected);
              break;
            }
            case 'DELAY':
              admission.noteDelay(step.delayMs);
              naive.noteDelay(step.delayMs, clock.now);
              break;
            case 'TIME':
              clock.now += step.ms;
              break;
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(refusals).toBeGreaterThan(100);
  });

  it('refuses nobody for one long stop, however long', () => {
    const { clock, admission, request } = admissionAt();
    clock.now += 5_000;
    for (let n = 0; n < 1_000; n += 1) request('a');
    admission.noteDelay(5_000);
    expect(request('a')).toBe(true);
  });

  it('serves a modest tenant in full beside any flood, and the flood as far as it can', () => {
    const rates = fc.array(fc.integer({ min: 300, max: 3_000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 60 }), (floods, modestShare) => {
        const { floodAdmitted, modestRefused, longestQueueMs } = simulate(floods, modestShare);
        expect(modestRefused).toBe(0);
        const load = floods.reduce((sum, rate) => sum + rate, 0);
        if (load > 1.2 * CAPACITY) expect(floodAdmitted).toBeGreaterThan(0.5 * CAPACITY * SECONDS);
        expect(longestQueueMs).toBeLessThan(BOUND_ON_QUEUE_MS(load));
      }),
      { numRuns: 25 },
    );
  });

  it('admits everything again with the first reading within the limit', () => {
    const { request, pass, admission } = admissionAt();
    for (let n = 0; n < 100; n += 1) request('a');
    pass(STANDING_MS + 40, 90);
    expect(request('a')).toBe(false);
    admission.noteDelay(MAX_DELAY_MS);
    expect(request('a')).toBe(true);
  });

  it('admits whoever asked for nothing in the last window, though it is late for ever', () => {
    const { clock, request, pass } = admissionAt();
    pass(STANDING_MS * 100, 90);
    expect(request('a')).toBe(true);
    expect(request('a')).toBe(false);
    clock.now += WINDOW_MS;
    expect(request('a')).toBe(true);
  });

  it('never refuses a single question of a request that it admitted', () => {
    const { request, questions, pass } = admissionAt();
    for (let n = 0; n < 10; n += 1) request('a');
    pass(STANDING_MS + 40, 90);
    expect(questions('a', 1)).toBe(true);
    expect(questions('a', 2)).toBe(false);
  });

  it('remembers no tenant longer than the window', () => {
    const { clock, request, pass, admission } = admissionAt();
    let most = 0;
    for (let n = 0; n < 20_000; n += 1) {
      clock.now += 1;
      request(`tenant-${n}`);
      most = Math.max(most, admission.tenantCount);
    }
    expect(most).toBeLessThanOrEqual(WINDOW_MS);
    pass(WINDOW_MS + 20, 0);
    expect(admission.tenantCount).toBe(0);
  });
});

/** What the simulated process can do, in weight a second. */
const CAPACITY = 1_000;
const SECONDS = 6;
/** What grows until an overload is noticed, and what is let in again when it is over, with room. */
const BOUND_ON_QUEUE_MS = (load: number): number =>
  2 * (MAX_DELAY_MS + (WINDOW_MS * load) / CAPACITY);

/**
 * A process of that capacity under floods (each in weight a second) beside one tenant that wants
 * `modestShare` a second, whose event loop is as late as its queue is long.
 */
function simulate(floods: readonly number[], modestShare: number) {
  const { clock, admission, request } = admissionAt();
  const random = fractions();
  const result = { floodAdmitted: 0, modestRefused: 0, longestQueueMs: 0 };
  let queue = 0;
  for (let ms = 0; ms < SECONDS * 1_000; ms += 1) {
    clock.now = ms;
    queue = Math.max(0, queue - CAPACITY / 1_000);
    floods.forEach((rate, index) => {
      for (let n = arrivals(rate, ms); n > 0; n -= 1) {
        if (!request(`flood-${index}`)) continue;
        queue += 1;
        result.floodAdmitted += 1;
      }
    });
    if (random() < modestShare / 1_000) {
      if (request('modest')) queue += 1;
      else result.modestRefused += 1;
    }
    const delayMs = (queue / CAPACITY) * 1_000;
    if (ms % 20 === 0) admission.noteDelay(delayMs);
    result.longestQueueMs = Math.max(result.longestQueueMs, delayMs);
  }
  return result;
}

/** How many of a steady rate a second arrive in this millisecond. */
function arrivals(rate: number, ms: number): number {
  return Math.floor(((ms + 1) * rate) / 1_000) - Math.floor((ms * rate) / 1_000);
}

/** Numbers in [0, 1) that look random and are the same each time. */
function fractions(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
