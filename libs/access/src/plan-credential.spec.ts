import { by, byOperator, company, outcomeOf } from '../test/write-context.js';
import { planCreateCredential, planRevokeCredential } from './plan-credential.js';

/** `bot` holds, by way of two groups, what `will` lacks; `idle` holds nothing. */
const tenant = company()
  .role('reader', ['document:read'])
  .scope('team')
  .serviceAccount('idle')
  .serviceAccount('bot')
  .group('bots')
  .group('machines')
  .member('bots', 'bot')
  .member('machines', 'bots')
  .assign('machines', 'reader', 'team', { id: 'grant' })
  .serviceAccount('ended', { status: 'DEPROVISIONED' })
  .serviceAccount('asleep', { status: 'SUSPENDED' })
  .assign('asleep', 'reader', 'team', { id: 'asleep-grant' })
  .user('rea')
  .assign('rea', 'reader', 'root', { id: 'rea-reads' })
  .assign('rea', 'writes', 'root', { id: 'rea-writes' })
  .user('dan')
  .assign('dan', 'reader', 'root', { id: 'dan-reads' })
  .assign('dan', 'writes', 'root', { id: 'dan-writes' })
  .deny('dan', 'reader', 'team', { id: 'dan-not-there' });

const create = (actor: string, serviceAccountId: string, valid = 0) =>
  outcomeOf(planCreateCredential(by(actor, tenant), { serviceAccountId, valid }));

describe('planCreateCredential', () => {
  it.each([
    ['for one that holds nothing', 'will', 'idle', 'ACCEPTED'],
    ['for one that holds by nesting what the actor lacks', 'will', 'bot', 'ESCALATION'],
    ['for one that would hold it once it is active again', 'will', 'asleep', 'ESCALATION'],
    ['by who holds the same', 'rea', 'bot', 'ACCEPTED'],
    ['by who is denied it there', 'dan', 'bot', 'ESCALATION'],
    ['by an administrator, who may give anything', 'ada', 'bot', 'ACCEPTED'],
    ['for one that has ended', 'ada', 'ended', 'PRINCIPAL_ENDED'],
    ['for a user', 'ada', 'will', 'NOT_FOUND'],
    ['for nobody', 'ada', 'nobody', 'NOT_FOUND'],
    ['without the right', 'idle', 'idle', 'FORBIDDEN'],
  ])('answers %s', (_, actor, serviceAccountId, outcome) => {
    expect(create(actor, serviceAccountId)).toBe(outcome);
  });

  it('lets a service account renew its own, whatever it holds', () => {
    const itself = company()
      .role('reader', ['document:read'])
      .serviceAccount('bot')
      .assign('bot', 'reader', 'root', { id: 'grant' })
      .assign('bot', 'writes', 'root', { id: 'writes-grant' });
    const plan = planCreateCredential(by('bot', itself), { serviceAccountId: 'bot', valid: 1 });
    expect(outcomeOf(plan)).toBe('ACCEPTED');
  });

  it('allows two that are valid, so that one can take the place of the other', () => {
    expect([0, 1, 2, 3].map((valid) => create('ada', 'bot', valid))).toEqual([
      ...['ACCEPTED', 'ACCEPTED', 'TOO_MANY_CREDENTIALS', 'TOO_MANY_CREDENTIALS'],
    ]);
  });

  it('tells who may not act as it nothing of how many there are', () => {
    expect(create('will', 'bot', 2)).toBe('ESCALATION');
  });

  it('asks an operator for no right', () => {
    const input = { serviceAccountId: 'bot', valid: 0 };
    expect(outcomeOf(planCreateCredential(byOperator(tenant), input))).toBe('ACCEPTED');
  });
});

describe('planRevokeCredential', () => {
  it.each([
    ['will', 'bot', 'ACCEPTED'],
    ['will', undefined, 'NOT_FOUND'],
    ['idle', 'bot', 'FORBIDDEN'],
    ['idle', undefined, 'FORBIDDEN'],
  ])('by %s of %s: %s', (actor, serviceAccountId, outcome) => {
    expect(outcomeOf(planRevokeCredential(by(actor, tenant), { serviceAccountId }))).toBe(outcome);
  });
});
