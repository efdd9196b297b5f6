import type { Caller } from '@bastion/platform';
import { AuthzenController } from './authzen.controller.js';
import type { CheckQuery } from './check.query.js';

const caller: Caller = { tenantId: 'acme', subject: 's', issuer: 'i', requestId: 'r' };
const body = {
  subject: { type: 'user', id: 'u' },
  action: { name: 'read' },
  resource: { type: 'document', id: '42', properties: { scope: 'ws' } },
};

/** What a client reads. */
const evaluate = async (stale: boolean): Promise<unknown> => {
  const evaluatedAt = new Date(0);
  const decision = { allowed: true, reason: 'ALLOWED_BY', assignmentIds: ['a1'] };
  const answer = { ...decision, deniedPrincipalId: null, evaluatedAt };
  const answerEach = () => [{ ...answer, consistencyToken: 'token', stale }];
  const query = { answerEach } as unknown as CheckQuery;
  const response = await new AuthzenController(query, 'http://g').evaluate(caller, body);
  return JSON.parse(JSON.stringify(response)) as unknown;
};

describe('an access evaluation', () => {
  const context = {
    reason: 'ALLOWED_BY',
    assignmentIds: ['a1'],
    evaluatedAt: '1970-01-01T00:00:00.000Z',
    consistencyToken: 'token',
  };

  it('says when it is stale', async () => {
    expect(await evaluate(true)).toEqual({ decision: true, context: { ...context, stale: true } });
  });

  it('says nothing of it when it is not', async () => {
    expect(await evaluate(false)).toStrictEqual({ decision: true, context });
  });
});
