import { createHash } from 'node:crypto';
import {
  arbitraryDamagedTenant,
  arbitraryEvents,
  arbitraryRequest,
  arbitraryTenant,
} from '@bastion/testing';
import fc from 'fast-check';
import { applyNaively } from '../test/naive-apply.js';
import type { AccessEvent } from './access-event.js';
import { applyEvents } from './apply-events.js';
import { approximateBytes } from './approximate-bytes.js';
import { buildSnapshot } from './build-snapshot.js';
import { decide } from './decide.js';
import type { TenantFacts } from './facts.js';
import { digestAfter, digestOfFacts } from './facts-digest.js';
import { factsOfNothing, TOMBSTONE } from './tombstone.js';

const anyTenant = fc.oneof(arbitraryTenant(), arbitraryDamagedTenant());
const deletion: AccessEvent = { type: 'tenant-deleted', tenant: TOMBSTONE };
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a deleted tenant', () => {
  it('has no fact left but that it was deleted, whatever it had and whatever happened before', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), (facts, events) => {
        const before = buildSnapshot(facts);
        const after = applyEvents(before, [...events, deletion]);
        expect(after.facts()).toEqual(factsOfNothing(TOMBSTONE));
        expect(before.facts()).toEqual(buildSnapshot(facts).facts());
      }),
    );
  });

  it('allows nobody anything, as one that does not exist', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryRequest(), (facts, request) => {
        const decision = decide(applyEvents(buildSnapshot(facts), [deletion]), request);
        expect(decision).toEqual({ effect: 'DENY', reason: 'NO_TENANT', assignmentIds: [] });
      }),
    );
  });

  it('has the digest that a reader counts who takes it for a suspended one', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), (facts, events) => {
        const before = buildSnapshot(facts);
        const all = [...events, deletion];
        const after = applyEvents(before, all);
        const suspended = { ...TOMBSTONE, deleted: undefined };
        const digest = digestAfter(digestOfFacts(facts, hash), before, after, all, hash);
        expect(digest).toBe(digestOfFacts(factsOfNothing(suspended), hash));
      }),
    );
  });

  it('takes events like any other, should there ever be any', () => {
    fc.assert(
      fc.property(anyTenant, fc.array(arbitraryEvents(), { maxLength: 4 }), (facts, changes) => {
        let snapshot = applyEvents(buildSnapshot(facts), [deletion, ...(changes[0] ?? [])]);
        let naive = applyNaively(facts, [deletion, ...(changes[0] ?? [])]);
        for (const events of changes.slice(1)) {
          const [before, was] = [snapshot, snapshot.facts()];
          snapshot = applyEvents(snapshot, events);
          naive = applyNaively(naive, events);
          expect(before.facts()).toEqual(was);
        }
        expect(snapshot.facts()).toEqual(buildSnapshot(naive).facts());
      }),
    );
  });

  it('takes no more memory than one that never had anything', () => {
    const nothing = approximateBytes(buildSnapshot(factsOfNothing(TOMBSTONE)));
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        expect(approximateBytes(applyEvents(buildSnapshot(facts), [deletion]))).toBe(nothing);
      }),
    );
  });
});

describe('the size of a tenant', () => {
  it('is after any events what counting its facts gives', () => {
    fc.assert(
      fc.property(anyTenant, fc.array(arbitraryEvents(), { maxLength: 4 }), (facts, changes) => {
        let snapshot = buildSnapshot(facts);
        expect(snapshot.size()).toEqual(counted(snapshot.facts()));
        for (const events of changes) {
          snapshot = applyEvents(snapshot, events);
          expect(snapshot.size()).toEqual(counted(snapshot.facts()));
        }
      }),
    );
  });
});

function counted({ principals, groups, scopes, resources, roles, assignments }: TenantFacts) {
  return {
    principals: principals.filter(({ status }) => !['DEPROVISIONED', 'ERASED'].includes(status))
      .length,
    groups: groups.length,
    scopes: scopes.length,
    resources: resources.length,
    roles: roles.length,
    assignments: assignments.length,
  };
}
