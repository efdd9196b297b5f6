import { ConsistencyTokens, Secret, type Caller } from '@bastion/platform';
import { tenantFacts } from '@bastion/testing';
import type { HeldTenant, Reading } from '../projection/index.js';
import { StatusQuery } from './status.query.js';

type Standing = 'FRESH' | 'SERVABLE' | 'STALE';

const caller: Caller = { tenantId: 'acme', subject: 'subject-alice', issuer: 'i', requestId: 'r' };
const tokens = new ConsistencyTokens([new Secret('k'.repeat(32))]);
const snapshot = tenantFacts().servingStale(90_000).user('alice').snapshot();
const held = { epoch: 2, revision: 9, snapshot } as HeldTenant;

function queryOver(standing: Standing, isHeld = true): StatusQuery {
  const reader = {
    read: () =>
      Promise.resolve((isHeld ? { kind: 'PRESENT', held } : { kind: 'STALE' }) as Reading),
    peek: () => (isHeld ? held : undefined),
    standingOf: () => standing,
  };
  return new StatusQuery(reader, tokens);
}

describe('who the caller is', () => {
  it.each([
    ['FRESH', { principalId: 'alice', status: 'ACTIVE', stale: false }],
    ['SERVABLE', { principalId: 'alice', status: 'ACTIVE', stale: true }],
    ['STALE', { principalId: null, status: null, stale: false }],
  ] as const)('is told as far as %s facts say', async (standing, told) => {
    expect(await queryOver(standing).me(caller)).toEqual({ subject: 'subject-alice', ...told });
  });

  it('is nobody where nothing is held of the tenant', async () => {
    const told = { principalId: null, subject: 'subject-alice', status: null, stale: false };
    expect(await queryOver('STALE', false).me(caller)).toEqual(told);
  });
});

describe('how recent the answers are', () => {
  it.each(['FRESH', 'SERVABLE', 'STALE'] as const)(
    'is told as %s, with what the tenant chose for outages',
    async (standing) => {
      expect(await queryOver(standing).sync(caller)).toEqual({
        epoch: 2,
        revision: 9,
        fresh: standing === 'FRESH',
        standing,
        staleMode: 'SERVE',
        maxStaleSeconds: 90,
        consistencyToken: tokens.issue({ tenantId: 'acme', epoch: 2, revision: 9 }),
      });
    },
  );

  it('is nothing where nothing is held of the tenant', async () => {
    expect(await queryOver('STALE', false).sync(caller)).toEqual({
      epoch: null,
      revision: null,
      fresh: false,
      standing: 'STALE',
      staleMode: null,
      maxStaleSeconds: null,
      consistencyToken: null,
    });
  });
});
