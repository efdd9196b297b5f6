import { EVERYONE } from '@bastion/policy';
import { tenantFacts } from './tenant-builder.js';

describe('tenantFacts', () => {
  it('says in facts what it is told in names', () => {
    const facts = tenantFacts()
      .user('alice')
      .group('eng')
      .member('eng', 'alice')
      .scope('ws')
      .role('reader', ['document:read'])
      .assign('eng', 'reader', 'ws')
      .deny('alice', 'reader', 'root', { id: 'no', reach: 'SELF' })
      .facts();
    expect(facts.principals).toEqual([
      { id: 'alice', kind: 'USER', status: 'ACTIVE', subject: 'subject-alice' },
    ]);
    expect(facts.memberships).toEqual([
      { groupId: 'eng', memberKind: 'USER', memberId: 'alice', source: 'manual' },
    ]);
    expect(facts.assignments).toMatchObject([
      { id: 'a1', granteeKind: 'GROUP', granteeId: 'eng', effect: 'ALLOW', reach: 'SUBTREE' },
      { id: 'no', granteeKind: 'USER', granteeId: 'alice', effect: 'DENY', reach: 'SELF' },
    ]);
  });

  it('refuses a name that was not introduced', () => {
    const tenant = tenantFacts().user('alice').role('reader', []);
    expect(() => tenant.assign('alise', 'reader')).toThrow('alise');
    expect(() => tenant.assign('alice', 'raeder')).toThrow('raeder');
    expect(() => tenant.assign('alice', 'reader', 'rooot')).toThrow('rooot');
    expect(() => tenant.member('eng', 'alice')).toThrow('eng');
    expect(() => tenant.scope('ws', { parentId: 'nowhere' })).toThrow('nowhere');
  });

  it('knows the built-in group without an introduction, and by that name alone', () => {
    const { groups, assignments } = tenantFacts()
      .role('reader', [])
      .assign('everyone', 'reader')
      .facts();
    expect(groups).toEqual([]);
    expect(assignments).toMatchObject([{ granteeKind: 'GROUP', granteeId: EVERYONE }]);
    expect(() => tenantFacts().user('everyone')).toThrow('everyone');
    expect(() => tenantFacts().user('alice').member('everyone', 'alice')).toThrow('everyone');
  });

  it('refuses a name that is taken', () => {
    expect(() => tenantFacts().user('alice').group('alice')).toThrow('alice');
  });
});
