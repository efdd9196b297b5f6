import { createHash } from 'node:crypto';
import { arbitraryEvents, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { applyEvents } from './apply-events.js';
import { buildSnapshot } from './build-snapshot.js';
import { areComparable, digestAfter, digestOfFacts } from './facts-digest.js';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the digest of a tenant', () => {
  it('carried on from change to change equals the one taken of all facts anew', () => {
    fc.assert(
      fc.property(
        arbitraryTenant(),
        fc.array(arbitraryEvents(), { maxLength: 8 }),
        (tenant, changes) => {
          let snapshot = buildSnapshot(tenant);
          let digest = digestOfFacts(snapshot.facts(), hash);
          for (const events of changes) {
            const after = applyEvents(snapshot, events);
            digest = digestAfter(digest, snapshot, after, events, hash);
            snapshot = after;
          }
          expect(digest).toBe(digestOfFacts(snapshot.facts(), hash));
        },
      ),
    );
  });

  it('does not depend on the order of the facts', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (tenant) => {
        const facts = buildSnapshot(tenant).facts();
        const reversed = {
          ...facts,
          principals: facts.principals.toReversed(),
          memberships: facts.memberships.toReversed(),
          assignments: facts.assignments.toReversed(),
        };
        expect(digestOfFacts(reversed, hash)).toBe(digestOfFacts(facts, hash));
      }),
    );
  });

  it('differs once anything differs: every field of every fact counts', () => {
    fc.assert(
      fc.property(arbitraryTenant(), fc.nat(), (tenant, pick) => {
        const facts = buildSnapshot(tenant).facts();
        const digest = digestOfFacts(facts, hash);
        for (const list of [
          'principals',
          'groups',
          'memberships',
          'scopes',
          'resources',
          'roles',
          'assignments',
        ] as const) {
          const index = pick % (facts[list].length || 1);
          const fact = facts[list][index] as object | undefined;
          if (!fact) continue;
          for (const [field, value] of Object.entries(fact)) {
            const changed = { ...fact, [field]: typeof value === 'boolean' ? !value : 'changed' };
            const others = { ...facts, [list]: facts[list].with(index, changed as never) };
            expect({ list, field, digest: digestOfFacts(others, hash) }).not.toEqual({
              list,
              field,
              digest,
            });
          }
        }
      }),
    );
  });

  it('is compared only with one of facts that were written down alike', () => {
    expect(areComparable('1:aa', '1:bb')).toBe(true);
    expect(areComparable('1:aa', '2:aa')).toBe(false);
    expect(areComparable(null, '1:aa')).toBe(false);
  });
});
