import {
  arbitraryDamagedTenant,
  arbitraryEvents,
  arbitraryRequest,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { decideWithCasbin } from '../test/casbin-oracle.js';
import { applyNaively } from '../test/naive-apply.js';
import { decideNaively } from '../test/naive-oracle.js';
import { applyEvents } from './apply-events.js';
import { buildSnapshot } from './build-snapshot.js';
import { decide } from './decide.js';
import type { Decision, DecisionRequest, Reason } from './decision.js';
import type { Snapshot } from './snapshot.js';

const anyTenant = fc.oneof(arbitraryTenant(), arbitraryDamagedTenant());
const requests = fc.array(arbitraryRequest(), { minLength: 20, maxLength: 20 });

function ask(change: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    principalId: 'alice',
    permission: 'document:read',
    scopeId: 'root',
    time: { earliest: 100, latest: 100 },
    ...change,
  };
}

const alice = () => tenantFacts().user('alice').role('reader', ['document:read']);

describe('decide', () => {
  it('answers as the naive oracle does: effect, reason and assignments', () => {
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        const answers = asked.map((request) => decide(snapshot, request));
        expect(answers).toEqual(asked.map((request) => decideNaively(facts, request)));
      }),
      { numRuns: 500 },
    );
  });

  it('answers as node-casbin does with the access model', async () => {
    await fc.assert(
      fc.asyncProperty(anyTenant, requests, async (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        const effects = asked.map((request) => decide(snapshot, request).effect);
        expect(effects).toEqual(await decideWithCasbin(facts, asked));
      }),
      { numRuns: 300 },
    );
  });

  it('answers after events as the naive oracle does from the facts after them', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), requests, (facts, events, asked) => {
        const before = buildSnapshot(facts);
        const answersBefore = asked.map((request) => decide(before, request));
        const after = applyEvents(before, events);
        const factsAfter = applyNaively(facts, events);
        const answersAfter = asked.map((request) => decide(after, request));
        expect(answersAfter).toEqual(asked.map((request) => decideNaively(factsAfter, request)));
        expect(asked.map((request) => decide(before, request))).toEqual(answersBefore);
      }),
      { numRuns: 500 },
    );
  });

  it('is tried on tenants that give every reason many times over', () => {
    const counts = new Map<Reason, number>();
    fc.assert(
      fc.property(arbitraryTenant(), requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        for (const request of asked) {
          const { reason } = decide(snapshot, request);
          counts.set(reason, (counts.get(reason) ?? 0) + 1);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    const seldom = [
      'ALLOWED_BY',
      'DENIED_BY',
      'NO_ASSIGNMENT',
      'INHERITANCE_CUT',
      'EXPIRED',
      'NOT_YET_VALID',
      'TENANT_SUSPENDED',
      'UNKNOWN_PRINCIPAL',
      'PRINCIPAL_INACTIVE',
      'UNKNOWN_SCOPE',
      'RESOURCE_SCOPE_MISMATCH',
    ].filter((reason) => (counts.get(reason as Reason) ?? 0) < 50);
    expect(seldom).toEqual([]);
  });

  it('names every assignment that allows, or that denies, in a stable order', () => {
    const tenant = alice()
      .assign('alice', 'reader', 'root', { id: 'b' })
      .assign('alice', 'reader', 'root', { id: 'a', reach: 'SELF' });
    expect(decide(tenant.snapshot(), ask())).toEqual({
      effect: 'ALLOW',
      reason: 'ALLOWED_BY',
      assignmentIds: ['a', 'b'],
    });
    expect(decide(tenant.deny('alice', 'reader', 'root', { id: 'c' }).snapshot(), ask())).toEqual({
      effect: 'DENY',
      reason: 'DENIED_BY',
      assignmentIds: ['c'],
    });
  });

  it('finds the assignments of a grantee with more scopes than the path has, and with fewer', () => {
    const tenant = alice().scope('ws').scope('folder', { parentId: 'ws' });
    tenant.assign('alice', 'reader', 'ws', { id: 'few' });
    expect(decide(tenant.snapshot(), ask({ scopeId: 'folder' })).assignmentIds).toEqual(['few']);
    for (let i = 0; i < 20; i++) tenant.scope(`other-${i}`).assign('alice', 'reader', `other-${i}`);
    expect(decide(tenant.snapshot(), ask({ scopeId: 'folder' })).assignmentIds).toEqual(['few']);
    tenant.deny('alice', 'reader', 'root', { id: 'no' });
    expect(decide(tenant.snapshot(), ask({ scopeId: 'folder' })).assignmentIds).toEqual(['no']);
  });

  it('denies a wildcard when a part of what it asks for is denied', () => {
    const tenant = alice()
      .role('everything', ['document:*'])
      .assign('alice', 'everything')
      .deny('alice', 'reader', 'root', { id: 'part' });
    const wildcard = ask({ permission: 'document:*' });
    expect(decide(tenant.snapshot(), wildcard)).toMatchObject({
      reason: 'DENIED_BY',
      assignmentIds: ['part'],
    });
    expect(decide(tenant.snapshot(), ask({ permission: 'document:write' })).effect).toBe('ALLOW');
  });
});

describe('decide, asked what is no question', () => {
  const superuser = tenantFacts()
    .user('alice')
    .role('all', ['*'])
    .assign('alice', 'all')
    .snapshot();

  function failureOf(decision: Decision): unknown {
    expect(decision).toMatchObject({
      effect: 'DENY',
      reason: 'EVALUATION_ERROR',
      assignmentIds: [],
    });
    return decision.error;
  }

  it.each(['', 'document', '*:read', 'document:read\u0000'])(
    'denies the permission %j',
    (permission) => {
      expect(failureOf(decide(superuser, ask({ permission })))).toEqual(
        new TypeError('the request names no permission'),
      );
    },
  );

  it.each([
    ['no beginning', { earliest: Number.NaN, latest: 100 }],
    ['no end', { earliest: 100, latest: Number.NaN }],
    ['its end first', { earliest: 101, latest: 100 }],
  ])('denies an interval with %s', (_, time) => {
    expect(failureOf(decide(superuser, ask({ time })))).toEqual(
      new TypeError('the request names no time interval'),
    );
  });

  it('denies, and does not throw, whatever it is handed', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (snapshot, request) => {
        failureOf(decide(snapshot as Snapshot, ask()));
        failureOf(decide(superuser, request as DecisionRequest));
      }),
    );
  });

  it('denies when the facts themselves are broken', () => {
    const facts = alice().assign('alice', 'reader').facts();
    const broken = { ...facts, roles: [{ ...facts.roles[0]!, permissions: null }] };
    expect(failureOf(decide(buildSnapshot(broken as never), ask()))).toBeInstanceOf(TypeError);
  });
});
