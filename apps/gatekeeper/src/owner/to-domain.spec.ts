import { accessChangedV1, GENESIS_DIGEST, tenantFactsV1 } from '@bastion/contracts';
import { eventToWire, factsToWire } from '@bastion/platform';
import { buildSnapshot, type TenantFacts } from '@bastion/policy';
import { arbitraryEvents, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { pointAt } from '../../test/support/histories.js';
import { changeSetOf, factsOf } from './to-domain.js';

const position = { tenantId: 'acme', epoch: 2, revision: 7 };
const names = {
  previousDigest: pointAt(6).digest,
  digest: pointAt(7).digest,
  factsDigest: `1:${pointAt(8).digest}`,
  committedAt: 5,
};

describe('changeSetOf', () => {
  it('gives back every event that was sent, and every name', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        fc.pre(events.length > 0);
        const wire = accessChangedV1.parse({
          kind: 'CHANGES',
          ...position,
          ...names,
          events: events.map(eventToWire),
        });
        expect(changeSetOf(wire)).toEqual({ kind: 'CHANGES', ...position, ...names, events });
      }),
    );
  });

  it('knows a change set that is too large to be sent', () => {
    const wire = { kind: 'SNAPSHOT_REQUIRED', ...position, ...names } as const;
    expect(changeSetOf(wire)).toEqual({ kind: 'SNAPSHOT_REQUIRED', ...position, ...names });
  });

  it('takes what was sent before revisions had names for the history without one', () => {
    const wire = accessChangedV1.parse({ kind: 'SNAPSHOT_REQUIRED', ...position, committedAt: 0 });
    expect(changeSetOf(wire)).toMatchObject({
      previousDigest: GENESIS_DIGEST,
      digest: GENESIS_DIGEST,
      factsDigest: null,
    });
  });
});

const sorted = (facts: TenantFacts) => buildSnapshot(facts).facts();

describe('factsOf', () => {
  it('gives back every fact that was sent', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        expect(sorted(factsOf(tenantFactsV1.parse(factsToWire(facts))))).toEqual(sorted(facts));
      }),
    );
  });
});
