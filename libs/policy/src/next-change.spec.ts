import {
  arbitraryDamagedTenant,
  arbitraryRequest,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { buildSnapshot } from './build-snapshot.js';
import { decide } from './decide.js';
import type { Decision, TimeInterval } from './decision.js';
import { msUntilNextChange } from './next-change.js';

/** Past every bound that an arbitrary tenant has. */
const LONG = 15;

const said = ({ effect, reason, assignmentIds }: Decision): string =>
  [effect, reason, ...assignmentIds].join();

const later = ({ earliest, latest }: TimeInterval, ms: number): TimeInterval => ({
  earliest: earliest + ms,
  latest: latest + ms,
});

describe('msUntilNextChange', () => {
  it('names no moment after one at which a decision changes, however many are tried', () => {
    let changes = 0;
    fc.assert(
      fc.property(
        fc.oneof(arbitraryTenant(), arbitraryDamagedTenant()),
        fc.array(arbitraryRequest(), { minLength: 3, maxLength: 3 }),
        (facts, requests) => {
          const snapshot = buildSnapshot(facts);
          for (const request of requests) {
            const { principalId, time } = request;
            const wait = msUntilNextChange(snapshot, [principalId], time);
            const first = said(decide(snapshot, request));
            expect(wait).toBeGreaterThan(0);
            for (let ms = 1; ms < Math.min(wait, LONG); ms += 1) {
              const then = said(decide(snapshot, { ...request, time: later(time, ms) }));
              if (then !== first) expect([ms, then]).toEqual([ms, first]);
            }
            if (wait === Infinity) continue;
            const then = said(decide(snapshot, { ...request, time: later(time, wait) }));
            if (then !== first) changes += 1;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(changes).toBeGreaterThan(10);
  });

  const snapshot = buildSnapshot(
    tenantFacts()
      .user('ann')
      .user('bob')
      .group('staff')
      .member('staff', 'bob')
      .role('reader', ['document:read'])
      .assign('ann', 'reader', 'root', { validFrom: 100, validUntil: 200 })
      .assign('staff', 'reader', 'root', { validUntil: 150 })
      .facts(),
  );
  const at = (now: number, uncertainty = 0) => ({
    earliest: now - uncertainty,
    latest: now + uncertainty,
  });

  it.each([
    ['the beginning of a grant', ['ann'], at(40), 60],
    ['its end, once it has begun', ['ann'], at(100), 100],
    ['nothing, once all is over', ['ann'], at(200), Infinity],
    ['that of a group', ['bob'], at(40), 110],
    ['the first of several principals', ['ann', 'bob'], at(120), 30],
    ['nothing of somebody unknown', ['nobody'], at(40), Infinity],
    ['the time at which it may have begun', ['ann'], at(40, 10), 50],
    ['the time at which it has begun for sure', ['ann'], at(95, 10), 15],
  ])('waits for %s', (_what, ids, time, expected) => {
    expect(msUntilNextChange(snapshot, ids, time)).toBe(expected);
  });
});
