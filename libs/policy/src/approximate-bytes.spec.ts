import { arbitraryEvents, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { applyEvents } from './apply-events.js';
import { approximateBytes } from './approximate-bytes.js';
import { buildSnapshot } from './build-snapshot.js';
import { IndexedSnapshot } from './indexed-snapshot.js';

describe('approximateBytes', () => {
  it('counts every table, of every version', () => {
    fc.assert(
      fc.property(arbitraryTenant(), arbitraryEvents(), (facts, events) => {
        const before = buildSnapshot(facts);
        for (const snapshot of [before, applyEvents(before, events)]) {
          const tables = IndexedSnapshot.tablesOf(snapshot);
          const { principals, groups, memberships, scopes, resources, assignments } = tables;
          const counted = [principals, groups, memberships, scopes, resources, assignments].map(
            ({ relation }) => relation.bytes,
          );
          const parts = [...counted, tables.roles.bytes, tables.lineage.names.bytes];
          const sum = parts.reduce((all, bytes) => all + bytes, 0);
          expect(approximateBytes(snapshot) - sum).toBe(16_384);
        }
      }),
    );
  });
});
