import { createHash } from 'node:crypto';
import { arbitraryTenant, tenantFacts } from '@bastion/testing';
import fc from 'fast-check';
import { buildSnapshot, buildSnapshotSteps } from './build-snapshot.js';
import { digestOfFacts, digestSteps } from './facts-digest.js';
import type { TenantFacts } from './facts.js';
import { FACTS_PER_STEP, type Steps } from './steps.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** More groups and scopes than one step takes. */
function large(facts: TenantFacts): TenantFacts {
  const more = Array.from({ length: 3 * FACTS_PER_STEP + 1 }, (_, n) => `more-${n}`);
  return {
    ...facts,
    groups: [...facts.groups, ...more.map((id) => ({ id }))],
    scopes: [
      ...facts.scopes,
      ...more.map((id) => ({ id, parentId: 'root', type: 'ws', inheritsAccess: true })),
    ],
  };
}

function drive<Result>(steps: Steps<Result>): { result: Result; pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const step = steps.next();
    if (step.done) return { result: step.value, pauses };
  }
}

describe('steps', () => {
  it('lead to the same snapshot and digest as all at once', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (tenant) => {
        const facts = large(tenant);
        expect(drive(buildSnapshotSteps(facts)).result.facts()).toEqual(
          buildSnapshot(facts).facts(),
        );
        expect(drive(digestSteps(facts, sha256)).result).toBe(digestOfFacts(facts, sha256));
      }),
      { numRuns: 10 },
    );
  });

  it('are as many as the facts take, and one for a small tenant', () => {
    const small = tenantFacts().user('alice').facts();
    expect(drive(buildSnapshotSteps(small)).pauses).toBe(0);
    expect(drive(digestSteps(small, sha256)).pauses).toBe(0);
    expect(drive(buildSnapshotSteps(large(small))).pauses).toBe(6);
    expect(drive(digestSteps(large(small), sha256)).pauses).toBe(6);
  });

  it('of two tenants do not get into each other', () => {
    const tenants = ['a', 'b'].map((name) => large(tenantFacts().user(name).facts()));
    const under = tenants.map((facts) => buildSnapshotSteps(facts));
    const steps = under.map((each) => each.next());
    while (steps.some(({ done }) => !done)) {
      under.forEach((each, n) => {
        if (!steps[n]?.done) steps[n] = each.next();
      });
    }
    steps.forEach((step, n) => {
      expect(step.value?.facts()).toEqual(buildSnapshot(tenants[n]!).facts());
    });
  });
});
