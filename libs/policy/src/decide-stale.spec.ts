import {
  arbitraryDamagedTenant,
  arbitraryRequest,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { decideStaleNaively } from '../test/naive-oracle.js';
import { buildSnapshot } from './build-snapshot.js';
import { decide } from './decide.js';
import { decideStale } from './decide-stale.js';
import type { DecisionRequest } from './decision.js';
import type { Snapshot } from './snapshot.js';

const anyTenant = fc.oneof(arbitraryTenant(), arbitraryDamagedTenant());
const requests = fc.array(arbitraryRequest(), { minLength: 20, maxLength: 20 });

const ask: DecisionRequest = {
  principalId: 'alice',
  permission: 'document:read',
  scopeId: 'root',
  time: { earliest: 100, latest: 100 },
};

/** Alice, with a role that is privileged, one that includes it, and one that is neither. */
const alice = () =>
  tenantFacts()
    .user('alice')
    .role('reader', ['document:read'])
    .role('root', ['document:*'], { privileged: true })
    .role('deputy', [], { includes: ['root'] });

describe('decideStale', () => {
  it('answers as the naive oracle does: effect, reason and assignments', () => {
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        const answers = asked.map((request) => decideStale(snapshot, request));
        expect(answers).toEqual(asked.map((request) => decideStaleNaively(facts, request)));
      }),
      { numRuns: 500 },
    );
  });

  it('allows only what decide allows, and denies as it does', () => {
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        for (const request of asked) {
          const [fresh, stale] = [decide(snapshot, request), decideStale(snapshot, request)];
          if (fresh.effect === 'DENY') expect(stale).toEqual(fresh);
          if (stale.effect === 'DENY' && fresh.effect === 'ALLOW') {
            expect(stale).toEqual({ effect: 'DENY', reason: 'STALE', assignmentIds: [] });
          }
          if (stale.effect === 'ALLOW') {
            expect(fresh.assignmentIds).toEqual(expect.arrayContaining([...stale.assignmentIds]));
          }
        }
      }),
    );
  });

  it('is tried on tenants in which privilege makes every difference many times over', () => {
    const counts = { allowed: 0, allowedByFewer: 0, withheld: 0 };
    fc.assert(
      fc.property(arbitraryTenant(), requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        for (const request of asked) {
          const [fresh, stale] = [decide(snapshot, request), decideStale(snapshot, request)];
          if (fresh.effect === 'DENY') continue;
          if (stale.effect === 'DENY') counts.withheld += 1;
          else if (stale.assignmentIds.length < fresh.assignmentIds.length)
            counts.allowedByFewer += 1;
          else counts.allowed += 1;
        }
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect(Object.entries(counts).filter(([, count]) => count < 50)).toEqual([]);
  });

  it.each(['root', 'deputy'])('withholds what the privileged role %s alone allows', (role) => {
    const snapshot = alice().assign('alice', role).snapshot();
    expect(decide(snapshot, ask).effect).toBe('ALLOW');
    expect(decideStale(snapshot, ask)).toEqual({
      effect: 'DENY',
      reason: 'STALE',
      assignmentIds: [],
    });
  });

  it('allows what another role allows too, and names that assignment alone', () => {
    const snapshot = alice()
      .assign('alice', 'root', 'root', { id: 'privileged' })
      .assign('alice', 'reader', 'root', { id: 'plain' })
      .snapshot();
    expect(decideStale(snapshot, ask)).toEqual({
      effect: 'ALLOW',
      reason: 'ALLOWED_BY',
      assignmentIds: ['plain'],
    });
  });

  it('lets a deny of a privileged role deny', () => {
    const tenant = alice().assign('alice', 'reader').deny('alice', 'root', 'root', { id: 'no' });
    expect(decideStale(tenant.snapshot(), ask)).toMatchObject({
      reason: 'DENIED_BY',
      assignmentIds: ['no'],
    });
  });

  it('denies, and does not throw, whatever it is handed', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (snapshot, request) => {
        expect(decideStale(snapshot as Snapshot, ask).reason).toBe('EVALUATION_ERROR');
        const answer = decideStale(alice().snapshot(), request as DecisionRequest);
        expect(answer.reason).toBe('EVALUATION_ERROR');
      }),
    );
  });
});
