import { accessChangedV1, tenantFactsV1 } from '@bastion/contracts';
import { arbitraryEvents, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { changeSetOf, factsOf } from './to-domain.js';

const position = { tenantId: 'acme', epoch: 2, revision: 7 };

describe('changeSetOf', () => {
  it('gives back every event that was sent', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        fc.pre(events.length > 0);
        const wire = accessChangedV1.parse({
          kind: 'CHANGES',
          ...position,
          committedAt: 0,
          events: events.map((event) => ({ ...event, type: `${event.type}.v1` })),
        });
        expect(changeSetOf(wire)).toEqual({ kind: 'CHANGES', ...position, events });
      }),
    );
  });

  it('knows a change set that is too large to be sent', () => {
    const wire = { kind: 'SNAPSHOT_REQUIRED', ...position, committedAt: 0 } as const;
    expect(changeSetOf(wire)).toEqual({ kind: 'SNAPSHOT_REQUIRED', ...position });
  });
});

describe('factsOf', () => {
  it('gives back every fact that was sent', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        expect(factsOf(tenantFactsV1.parse(facts))).toEqual(facts);
      }),
    );
  });
});
