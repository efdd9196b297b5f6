import { ApiError, Clock, ConsistencyTokens, Secret, type Caller } from '@bastion/platform';
import { tenantFacts } from '@bastion/testing';
import type { HeldTenant, Reading } from '../projection/index.js';
import { CheckQuery } from './check.query.js';
import type { Question } from './question.js';

const caller: Caller = { tenantId: 'acme', subject: 'subject-alice', issuer: 'i', requestId: 'r' };
const question: Question = {
  principal: { by: 'CALLER' },
  actors: [],
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
/** Alice may ask about others; all but one of those may read, one of them by privilege alone. */
const chained = {
  kind: 'PRESENT',
  held: {
    epoch: 2,
    revision: 9,
    snapshot: tenantFacts()
      .user('alice')
      .serviceAccount('agent')
      .serviceAccount('chief')
      .serviceAccount('idle')
      .scope('ws')
      .role('reader', ['document:read'])
      .role('checker', ['access:check'])
      .role('chief', ['*'], { privileged: true })
      .assign('alice', 'checker', 'root')
      .assign('alice', 'reader', 'ws')
      .assign('agent', 'reader', 'ws')
      .assign('chief', 'chief', 'ws')
      .snapshot(),
  },
};
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
  const admission = { admitQuestions: () => undefined };
  const query = new CheckQuery({ reader, admission, clock: new Clock(250), tokens, logger });
  return { query, asked };
}

describe('a check', () => {
  const present = { kind: 'PRESENT', held };
  const write: Question = { ...question, permission: 'document:write' };
  const refusal = { allowed: false, assignmentIds: [], consistencyToken: null, stale: false };

  it('is answered from the snapshot at hand, and names its revision', async () => {
    const { query } = queryOver(present);
    expect(await query.run(caller, { question })).toMatchObject({
      allowed: true,
      reason: 'ALLOWED_BY',
      assignmentIds: ['plain', 'privileged'],
      consistencyToken: token,
      stale: false,
    });
  });

  it('is STALE when the lease ended while it was decided', async () => {
    const { query } = queryOver(present, ['STALE']);
    expect(await query.run(caller, { question })).toMatchObject({ ...refusal, reason: 'STALE' });
  });

  it('is served past the lease, marked, if the tenant wants it and no privilege is needed', async () => {
    const { query } = queryOver(present, ['SERVABLE']);
    expect(await query.run(caller, { question })).toMatchObject({
      allowed: true,
      reason: 'ALLOWED_BY',
      assignmentIds: ['plain'],
      consistencyToken: token,
      stale: true,
    });
  });

  it('is not served past the lease where it rests on privilege alone', async () => {
    const { query } = queryOver(present, ['SERVABLE']);
    expect(await query.run(caller, { question: write })).toMatchObject({
      allowed: false,
      reason: 'STALE',
      assignmentIds: [],
      consistencyToken: token,
      stale: true,
    });
  });

  it('is STALE when the time to be served ended while it was decided anew', async () => {
    const { query } = queryOver(present, ['SERVABLE', 'STALE']);
    expect(await query.run(caller, { question })).toMatchObject({ ...refusal, reason: 'STALE' });
  });

  it('is answered in one standing for all questions', async () => {
    const { query } = queryOver(present, ['SERVABLE', 'FRESH']);
    const answers = await query.runAll(caller, [{ question }, { question: write }, { question }]);
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
      expect(await query.run(caller, { question })).toMatchObject({ ...refusal, reason: kind });
    },
  );

  it('is refused at a revision of a history that is over', async () => {
    const { query } = queryOver({ kind: 'HISTORY_ENDED' });
    await expect(query.run(caller, { question })).rejects.toMatchObject({
      code: 'INVALID_CONSISTENCY_TOKEN',
    });
  });

  it('reads the tenant once for all questions, at the latest revision named', async () => {
    const { query, asked } = queryOver(present);
    const token = (revision: number) => tokens.issue({ tenantId: 'acme', epoch: 2, revision });
    await query.runAll(
      caller,
      [token(3), null, token(5)].map((atLeast) => ({ question, atLeast })),
    );
    expect(asked).toEqual([['acme', { epoch: 2, revision: 5 }]]);
  });

  describe('among others', () => {
    const bob: Question = { ...question, principal: { by: 'ID', id: 'bob' } };
    const broken = new ApiError('INVALID_INPUT', 'no question');
    const all = [
      { question },
      broken,
      { question: bob },
      { question, atLeast: 'forged' },
      { question: write },
    ];
    const codes = (answers: Awaited<ReturnType<CheckQuery['runEach']>>) =>
      answers.map((answer) => (answer instanceof ApiError ? answer.code : answer.reason));

    it.each<[Standing, string, string]>([
      ['FRESH', 'ALLOWED_BY', 'ALLOWED_BY'],
      ['SERVABLE', 'ALLOWED_BY', 'STALE'],
    ])('is refused by itself, %s', async (standing, plain, privileged) => {
      const { query } = queryOver(present, [standing]);
      expect(codes(await query.runEach(caller, all))).toEqual([
        plain,
        'INVALID_INPUT',
        'FORBIDDEN',
        'INVALID_CONSISTENCY_TOKEN',
        privileged,
      ]);
    });

    it('is refused by itself where nothing may be decided, as far as that shows', async () => {
      const { query } = queryOver(present, ['STALE']);
      expect(codes(await query.runEach(caller, all))).toEqual([
        'STALE',
        'INVALID_INPUT',
        'STALE',
        'INVALID_CONSISTENCY_TOKEN',
        'STALE',
      ]);
    });

    it('is refused with them where one answer is worth nothing without the others', async () => {
      const { query } = queryOver(present);
      const checks = [{ question }, { question: bob }];
      await expect(query.runAll(caller, checks)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    it('takes them down when they name two histories', async () => {
      const { query } = queryOver(present);
      const checks = [1, 2].map((epoch) => ({
        question,
        atLeast: tokens.issue({ tenantId: 'acme', epoch, revision: 1 }),
      }));
      await expect(query.runEach(caller, checks)).rejects.toMatchObject({
        code: 'INVALID_CONSISTENCY_TOKEN',
      });
    });
  });

  describe('of a chain', () => {
    const acting = (...ids: string[]) => ({
      question: { ...question, actors: ids.map((id) => ({ by: 'ID', id }) as const) },
    });

    it('names who was denied', async () => {
      const { query } = queryOver(chained);
      expect(await query.run(caller, acting('agent', 'idle'))).toMatchObject({
        allowed: false,
        reason: 'NO_ASSIGNMENT',
        deniedPrincipalId: 'idle',
      });
      expect(await query.run(caller, acting('agent'))).toMatchObject({
        allowed: true,
        deniedPrincipalId: null,
      });
    });

    it('is served past the lease only where nobody of it rests on privilege alone', async () => {
      const { query } = queryOver(chained, ['SERVABLE']);
      expect(await query.run(caller, acting('agent'))).toMatchObject({
        allowed: true,
        stale: true,
      });
      expect(await query.run(caller, acting('agent', 'chief'))).toMatchObject({
        allowed: false,
        reason: 'STALE',
        deniedPrincipalId: 'chief',
        stale: true,
      });
    });
  });
});
