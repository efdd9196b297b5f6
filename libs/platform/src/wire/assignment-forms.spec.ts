import { accessEventV1, tenantFactsV1 } from '@bastion/contracts';
import { buildSnapshot, decide, EVERYONE, type TenantFacts } from '@bastion/policy';
import { arbitraryEvents, arbitraryRequest, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { eventToWire, factsFromWire, factsToWire } from './assignment-forms.js';

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
        (tenant, asked) => {
          const assignments = tenant.assignments.filter(({ granteeId }) => granteeId !== EVERYONE);
          const facts = { ...tenant, assignments };
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

  // Who does not name them in `reads` gets nothing at all; who overlooks the list all the same sees none.
  it('have in a list of its own whatever is to Everyone, and nowhere else', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        const toEveryone = facts.assignments.filter(({ granteeId }) => granteeId === EVERYONE);
        const { everyoneAssignments, ...others } = sent(facts);
        expect(everyoneAssignments.map(({ id }) => id)).toEqual(toEveryone.map(({ id }) => id));
        expect(JSON.stringify([everyoneAssignments, others])).not.toContain(EVERYONE);
      }),
    );
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
          const wire = eventToWire(event);
          expect(accessEventV1.parse(wire)).toEqual(wire);
          expect(JSON.stringify(wire)).not.toContain(EVERYONE);
        }
      }),
    );
  });
});
