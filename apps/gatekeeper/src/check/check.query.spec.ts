import { Clock, ConsistencyTokens, Secret, type Caller } from '@bastion/platform';
import { tenantFacts } from '@bastion/testing';
import type { HeldTenant, Reading } from '../projection/index.js';
import { CheckQuery } from './check.query.js';
import type { Question } from './question.js';

const caller: Caller = { tenantId: 'acme', subject: 'subject-alice', issuer: 'i', requestId: 'r' };
const question: Question = {
  principal: { by: 'CALLER' },
  permission: 'document:read',
  scopeIds: ['ws'],
};
const tokens = new ConsistencyTokens([new Secret('k'.repeat(32))]);
const held: HeldTenant = {
  epoch: 2,
  revision: 9,
  snapshot: tenantFacts()
    .user('alice')
    .scope('ws')
    .role('reader', ['document:read'])
    .assign('alice', 'reader', 'ws')
    .snapshot(),
  freshUntil: 0,
};

function queryOver(reading: Reading, isFresh = true) {
  const asked: unknown[] = [];
  const reader = {
    read: (...given: unknown[]) => {
      asked.push(given);
      return Promise.resolve(reading);
    },
    isFresh: () => isFresh,
  };
  const logger = { error: () => undefined };
  const query = new CheckQuery({ reader, clock: new Clock(250), tokens, logger });
  return { query, asked };
}

describe('a check', () => {
  it('is answered from the snapshot at hand, and names its revision', async () => {
    const { query } = queryOver({ kind: 'PRESENT', held });
    expect(await query.run(caller, question)).toMatchObject({
      allowed: true,
      reason: 'ALLOWED_BY',
      consistencyToken: tokens.issue({ tenantId: 'acme', epoch: 2, revision: 9 }),
    });
  });

  it('is STALE when the lease ended while it was decided', async () => {
    const { query } = queryOver({ kind: 'PRESENT', held }, false);
    expect(await query.run(caller, question)).toMatchObject({ allowed: false, reason: 'STALE' });
  });

  it.each(['STALE', 'NO_TENANT'] as const)('is denied as %s, naming no revision', async (kind) => {
    const { query } = queryOver({ kind });
    expect(await query.run(caller, question)).toMatchObject({
      allowed: false,
      reason: kind,
      assignmentIds: [],
      consistencyToken: null,
    });
  });

  it('is refused at a revision of a history that is over', async () => {
    const { query } = queryOver({ kind: 'HISTORY_ENDED' });
    await expect(query.run(caller, question)).rejects.toMatchObject({
      code: 'INVALID_CONSISTENCY_TOKEN',
    });
  });

  it('reads the tenant once for all questions, at the latest revision named', async () => {
    const { query, asked } = queryOver({ kind: 'PRESENT', held });
    const token = (revision: number) => tokens.issue({ tenantId: 'acme', epoch: 2, revision });
    await query.runAll(caller, [question, question, question], [token(3), null, token(5)]);
    expect(asked).toEqual([['acme', { epoch: 2, revision: 5 }]]);
  });
});
