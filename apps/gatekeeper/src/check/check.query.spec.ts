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
/** Alice reads by an ordinary role, and writes by a privileged one alone. */
const held = {
  epoch: 2,
  revision: 9,
  snapshot: tenantFacts()
    .user('alice')
    .scope('ws')
    .role('reader', ['document:read'])
    .role('chief', ['*'], { privileged: true })
    .assign('alice', 'reader', 'ws', { id: 'plain' })
    .assign('alice', 'chief', 'ws', { id: 'privileged' })
    .snapshot(),
} as HeldTenant;
const token = tokens.issue({ tenantId: 'acme', epoch: 2, revision: 9 });

type Standing = 'FRESH' | 'SERVABLE' | 'STALE';

/** @param standings what is held stands as, each time it is looked at; the last from then on */
function queryOver(reading: unknown, standings: readonly Standing[] = ['FRESH']) {
  const asked: unknown[] = [];
  let looks = 0;
  const reader = {
    read: (...given: unknown[]) => {
      asked.push(given);
      return Promise.resolve(reading as Reading);
    },
    standingOf: () => standings[Math.min(looks++, standings.length - 1)]!,
  };
  const logger = { error: () => undefined };
  const query = new CheckQuery({ reader, clock: new Clock(250), tokens, logger });
  return { query, asked };
}

describe('a check', () => {
  const present = { kind: 'PRESENT', held };
  const write: Question = { ...question, permission: 'document:write' };
  const refusal = { allowed: false, assignmentIds: [], consistencyToken: null, stale: false };

  it('is answered from the snapshot at hand, and names its revision', async () => {
    const { query } = queryOver(present);
    expect(await query.run(caller, question)).toMatchObject({
      allowed: true,
      reason: 'ALLOWED_BY',
      assignmentIds: ['plain', 'privileged'],
      consistencyToken: token,
      stale: false,
    });
  });

  it('is STALE when the lease ended while it was decided', async () => {
    const { query } = queryOver(present, ['STALE']);
    expect(await query.run(caller, question)).toMatchObject({ ...refusal, reason: 'STALE' });
  });

  it('is served past the lease, marked, if the tenant wants it and no privilege is needed', async () => {
    const { query } = queryOver(present, ['SERVABLE']);
    expect(await query.run(caller, question)).toMatchObject({
      allowed: true,
      reason: 'ALLOWED_BY',
      assignmentIds: ['plain'],
      consistencyToken: token,
      stale: true,
    });
  });

  it('is not served past the lease where it rests on privilege alone', async () => {
    const { query } = queryOver(present, ['SERVABLE']);
    expect(await query.run(caller, write)).toMatchObject({
      allowed: false,
      reason: 'STALE',
      assignmentIds: [],
      consistencyToken: token,
      stale: true,
    });
  });

  it('is STALE when the time to be served ended while it was decided anew', async () => {
    const { query } = queryOver(present, ['SERVABLE', 'STALE']);
    expect(await query.run(caller, question)).toMatchObject({ ...refusal, reason: 'STALE' });
  });

  it('is answered in one standing for all questions', async () => {
    const { query } = queryOver(present, ['SERVABLE', 'FRESH']);
    const answers = await query.runAll(caller, [question, write, question], []);
    expect(answers.map(({ allowed, stale }) => [allowed, stale])).toEqual([
      [true, true],
      [false, true],
      [true, true],
    ]);
  });

  it.each(['STALE', 'NO_TENANT', 'QUARANTINED'])(
    'is denied as %s, naming no revision',
    async (kind) => {
      const { query } = queryOver({ kind });
      expect(await query.run(caller, question)).toMatchObject({ ...refusal, reason: kind });
    },
  );

  it('is refused at a revision of a history that is over', async () => {
    const { query } = queryOver({ kind: 'HISTORY_ENDED' });
    await expect(query.run(caller, question)).rejects.toMatchObject({
      code: 'INVALID_CONSISTENCY_TOKEN',
    });
  });

  it('reads the tenant once for all questions, at the latest revision named', async () => {
    const { query, asked } = queryOver(present);
    const token = (revision: number) => tokens.issue({ tenantId: 'acme', epoch: 2, revision });
    await query.runAll(caller, [question, question, question], [token(3), null, token(5)]);
    expect(asked).toEqual([['acme', { epoch: 2, revision: 5 }]]);
  });
});
