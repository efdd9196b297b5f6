import { accessEventV1, tenantFactsV1 } from '@bastion/contracts';
import { buildSnapshot, decide, type TenantFacts } from '@bastion/policy';
import { arbitraryEvents, arbitraryRequest, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { factsFromWire, factsToWire, wireTypeOf } from './conditional-assignments.js';

const sorted = (facts: TenantFacts): TenantFacts => buildSnapshot(facts).facts();
const sent = (facts: TenantFacts) => tenantFactsV1.parse(factsToWire(facts));

describe('the facts of a tenant on the wire', () => {
  it('are read as what was sent', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        expect(sorted(factsFromWire(sent(facts)))).toEqual(sorted(facts));
      }),
    );
  });

  // Of before there were conditions: it keeps neither the list nor the field.
  it('allow nothing more to who knows of no conditions', () => {
    let denied = 0;
    fc.assert(
      fc.property(
        arbitraryTenant(),
        fc.array(arbitraryRequest(), { minLength: 10 }),
        (facts, asked) => {
          const known = { ...sent(facts), conditionalAssignments: [] };
          const old = buildSnapshot(known);
          const now = buildSnapshot(facts);
          for (const request of asked) {
            if (decide(now, request).effect === 'ALLOW') continue;
            denied += 1;
            expect(decide(old, request).effect).toBe('DENY');
          }
        },
      ),
    );
    expect(denied).toBeGreaterThan(100);
  });

  it('are refused where a condition would be overlooked', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        const isPlain = facts.assignments.every(({ condition }) => condition === null);
        expect(tenantFactsV1.safeParse(facts).success).toBe(isPlain);
      }),
    );
  });
});

describe('an event on the wire', () => {
  it('is of the version that has what it says', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        for (const event of events) {
          const wire = { ...event, type: wireTypeOf(event) };
          expect(accessEventV1.parse(wire)).toEqual(wire);
        }
      }),
    );
  });
});
