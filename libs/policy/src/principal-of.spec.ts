import { tenantFacts } from '@bastion/testing';
import { principalOf } from './principal-of.js';

const snapshot = tenantFacts()
  .user('ada', { subject: 'sub-ada' })
  .serviceAccount('bot', { subject: 'sub-bot' })
  .user('gone', { subject: 'sub-gone', status: 'ERASED' })
  .snapshot();

describe('principalOf', () => {
  it.each([
    ['a user', { subject: 'sub-ada' }, 'ada'],
    ['a service account', { subject: 'sub-bot' }, 'bot'],
    [
      'a service account, vouched for as one',
      { subject: 'sub-bot', kind: 'SERVICE_ACCOUNT' },
      'bot',
    ],
    [
      'a user, vouched for as a service account',
      { subject: 'sub-ada', kind: 'SERVICE_ACCOUNT' },
      undefined,
    ],
    ['a service account, vouched for as a user', { subject: 'sub-bot', kind: 'USER' }, undefined],
    ['who has ended', { subject: 'sub-gone' }, undefined],
    ['nobody', { subject: 'sub-nobody', kind: 'SERVICE_ACCOUNT' }, undefined],
  ] as const)('knows %s', (_, identity, id) => {
    expect(principalOf(snapshot, identity)?.id).toBe(id);
  });
});
