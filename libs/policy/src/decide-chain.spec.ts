import {
  arbitraryDamagedTenant,
  arbitraryRequest,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { decideNaively, decideStaleNaively } from '../test/naive-oracle.js';
import { buildSnapshot } from './build-snapshot.js';
import { decide } from './decide.js';
import { decideChain, MAX_CHAIN_LENGTH, type ChainDecision } from './decide-chain.js';
import { decideStale } from './decide-stale.js';
import type { Decision } from './decision.js';

const anyTenant = fc.oneof(arbitraryTenant(), arbitraryDamagedTenant());
const principal = arbitraryRequest().map(({ principalId }) => principalId);
const chains = fc.array(principal, { minLength: 1, maxLength: 4 });
const requests = fc.array(fc.tuple(arbitraryRequest(), chains), { minLength: 20, maxLength: 20 });

/** Both ways to decide about one, each with its naive oracle. */
const ways = [
  ['decide', decide, decideNaively],
  ['decideStale', decideStale, decideStaleNaively],
] as const;

describe.each(ways)('decideChain by %s', (_, decideOne, decideOneNaively) => {
  it('allows if and only if each is allowed, and denies as the first who is not', () => {
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        for (const [request, chain] of asked) {
          const answer = decideChain(chain, (principalId) =>
            decideOne(snapshot, { ...request, principalId }),
          );
          const single = chain.map((principalId) =>
            decideOneNaively(facts, { ...request, principalId }),
          );
          const first = single.findIndex(({ effect }) => effect === 'DENY');
          const ids = single.flatMap(({ assignmentIds }) => assignmentIds);
          expect(answer).toEqual(
            first < 0
              ? {
                  effect: 'ALLOW',
                  reason: 'ALLOWED_BY',
                  assignmentIds: [...ids].sort().filter((id, at, all) => id !== all[at - 1]),
                }
              : { ...single[first], denied: chain[first] },
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never allows with one more member what it denies without', () => {
    const counts = { allowed: 0, taken: 0 };
    fc.assert(
      fc.property(anyTenant, requests, principal, fc.nat(4), (facts, asked, added, place) => {
        const snapshot = buildSnapshot(facts);
        for (const [request, chain] of asked) {
          const effectOf = (members: readonly string[]) =>
            decideChain(members, (principalId) => decideOne(snapshot, { ...request, principalId }))
              .effect;
          const before = effectOf(chain);
          const after = effectOf([...chain.slice(0, place), added, ...chain.slice(place)]);
          if (before === 'DENY') expect(after).toBe('DENY');
          else counts[after === 'ALLOW' ? 'allowed' : 'taken'] += 1;
        }
      }),
      { numRuns: 1_000, seed: 1 },
    );
    // It is tried on chains that a member more makes a difference to, and on such that it does not.
    expect(Object.entries(counts).filter(([, count]) => count < 50)).toEqual([]);
  });
});

describe('decideChain', () => {
  const snapshot = tenantFacts()
    .user('alice')
    .serviceAccount('agent')
    .serviceAccount('idle')
    .user('gone', { status: 'SUSPENDED' })
    .role('reader', ['document:read'])
    .assign('alice', 'reader', 'root', { id: 'b' })
    .assign('agent', 'reader', 'root', { id: 'a' })
    .snapshot();
  const ask = (...chain: string[]): ChainDecision<string> =>
    decideChain(chain, (principalId) =>
      decide(snapshot, {
        principalId,
        permission: 'document:read',
        scopeId: 'root',
        time: { earliest: 1, latest: 1 },
      }),
    );

  it('names the assignments of all who are allowed', () => {
    expect(ask('alice', 'agent', 'alice')).toStrictEqual({
      effect: 'ALLOW',
      reason: 'ALLOWED_BY',
      assignmentIds: ['a', 'b'],
    });
  });

  it.each([
    [['idle', 'agent'], 'idle', 'NO_ASSIGNMENT'],
    [['alice', 'idle'], 'idle', 'NO_ASSIGNMENT'],
    [['alice', 'gone', 'idle'], 'gone', 'PRINCIPAL_INACTIVE'],
    [['alice', 'agent', 'nobody'], 'nobody', 'UNKNOWN_PRINCIPAL'],
  ])('of %j is denied because of %s', (chain, denied, reason) => {
    expect(ask(...chain)).toEqual({ effect: 'DENY', reason, assignmentIds: [], denied });
  });

  it('of nobody is an error, and no allow', () => {
    expect(ask()).toEqual({
      ...{ effect: 'DENY', reason: 'EVALUATION_ERROR', assignmentIds: [] },
      error: new RangeError('a chain has 1 to 8 members'),
    });
  });

  it('has a limit', () => {
    const chain = (length: number) => Array.from({ length }, () => 'alice');
    expect(ask(...chain(MAX_CHAIN_LENGTH)).effect).toBe('ALLOW');
    expect(ask(...chain(MAX_CHAIN_LENGTH + 1))).toMatchObject({
      effect: 'DENY',
      reason: 'EVALUATION_ERROR',
    });
  });

  it('never allows, and does not throw, whatever it is handed', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (chain, decision) => {
        const decideOne = () => decision as Decision;
        expect(decideChain(chain as string[], decideOne).effect).not.toBe('ALLOW');
      }),
    );
    const failing = decideChain(['alice'], () => {
      throw new Error('out of order');
    });
    expect(failing).toMatchObject({ effect: 'DENY', reason: 'EVALUATION_ERROR' });
  });
});
