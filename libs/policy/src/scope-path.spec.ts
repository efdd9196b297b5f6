import { tenantFacts } from '@bastion/testing';
import { applyEvents } from './apply-events.js';
import { buildSnapshot } from './build-snapshot.js';
import { assignmentReaches } from './scope-path.js';

/** root > ws > (cut) vault > safe */
const tenant = tenantFacts()
  .user('alice')
  .scope('ws')
  .scope('vault', { parentId: 'ws', inheritsAccess: false })
  .scope('safe', { parentId: 'vault' })
  .role('reader', ['document:read'])
  .role('auditor', ['document:read'], { piercing: true })
  .assign('alice', 'reader', 'ws', { id: 'on-ws' })
  .assign('alice', 'reader', 'ws', { id: 'on-ws-only', reach: 'SELF' })
  .assign('alice', 'reader', 'vault', { id: 'on-vault' })
  .assign('alice', 'auditor', 'root', { id: 'piercing' })
  .assign('alice', 'auditor', 'root', { id: 'piercing-only', reach: 'SELF' })
  .deny('alice', 'reader', 'root', { id: 'deny' })
  .deny('alice', 'reader', 'root', { id: 'deny-only', reach: 'SELF' });

describe('assignmentReaches', () => {
  it.each([
    ['on-ws', { root: 'NO', ws: 'REACHES', vault: 'CUT', safe: 'CUT' }],
    ['on-ws-only', { root: 'NO', ws: 'REACHES', vault: 'NO', safe: 'NO' }],
    ['on-vault', { root: 'NO', ws: 'NO', vault: 'REACHES', safe: 'REACHES' }],
    ['piercing', { root: 'REACHES', ws: 'REACHES', vault: 'REACHES', safe: 'REACHES' }],
    ['piercing-only', { root: 'REACHES', ws: 'NO', vault: 'NO', safe: 'NO' }],
    ['deny', { root: 'REACHES', ws: 'REACHES', vault: 'REACHES', safe: 'REACHES' }],
    ['deny-only', { root: 'REACHES', ws: 'NO', vault: 'NO', safe: 'NO' }],
  ])('%s reaches as its scope, reach and effect say', (id, expected) => {
    const snapshot = tenant.snapshot();
    const assignment = snapshot.assignment(id)!;
    const found = Object.keys(expected).map((scopeId) => [
      scopeId,
      assignmentReaches(snapshot, assignment, { scopeId }),
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('reaches no scope that does not exist, or whose ancestors do not lead to the root', () => {
    const snapshot = applyEvents(tenant.snapshot(), [{ type: 'scope-deleted', scopeId: 'ws' }]);
    const assignment = snapshot.assignment('on-vault')!;
    expect(assignmentReaches(snapshot, assignment, { scopeId: 'ws' })).toBe('NO');
    expect(assignmentReaches(snapshot, assignment, { scopeId: 'vault' })).toBe('NO');
  });

  it('is not lifted over a cut by a role that does not exist', () => {
    const snapshot = tenant.snapshot();
    const assignment = { ...snapshot.assignment('piercing')!, roleId: 'retired' };
    expect(assignmentReaches(snapshot, assignment, { scopeId: 'vault' })).toBe('CUT');
    expect(assignmentReaches(snapshot, assignment, { scopeId: 'ws' })).toBe('REACHES');
  });

  it('reaches no resource of which neither the facts nor the question name a scope', () => {
    const groups = Array.from({ length: 5_000 }, (_, n) => ({ id: `group-${n}` }));
    const resource = { type: 'document', id: '42' };
    for (const facts of [tenant.facts(), { ...tenant.facts(), groups }]) {
      const snapshot = buildSnapshot(facts);
      expect(assignmentReaches(snapshot, snapshot.assignment('on-ws')!, { resource })).toBe('NO');
    }
  });

  it('ends on scopes that are each other’s parents', () => {
    const ws = { ...tenant.snapshot().scope('ws')!, parentId: 'safe' };
    const snapshot = applyEvents(tenant.snapshot(), [{ type: 'scope-moved', scope: ws }]);
    expect(
      assignmentReaches(snapshot, snapshot.assignment('on-vault')!, { scopeId: 'vault' }),
    ).toBe('NO');
  });
});
