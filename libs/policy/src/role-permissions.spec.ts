import { tenantFacts } from '@bastion/testing';
import { applyEvents } from './apply-events.js';
import { buildSnapshot } from './build-snapshot.js';
import type { RoleFact } from './facts.js';
import { rolePermissions } from './role-permissions.js';

const tenant = tenantFacts()
  .role('reader', ['document:read'])
  .role('writer', ['document:write'], { includes: ['reader'] })
  .role('manager', ['document:*'], { includes: ['writer'] });

function roleOf(id: string, change: Partial<RoleFact>): RoleFact {
  return { ...tenant.snapshot().role(id)!, ...change };
}

describe('rolePermissions', () => {
  it('contains those of included roles, through any depth', () => {
    expect([...rolePermissions(tenant.snapshot(), 'manager')].sort()).toEqual([
      'document:*',
      'document:read',
      'document:write',
    ]);
  });

  it('is empty for a role that does not exist', () => {
    expect(rolePermissions(tenant.snapshot(), 'nobody')).toEqual(new Set());
  });

  it('ends on roles that include each other', () => {
    const facts = tenant.facts();
    const snapshot = buildSnapshot({
      ...facts,
      roles: [...facts.roles, roleOf('reader', { includes: ['manager'] })],
    });
    expect(rolePermissions(snapshot, 'reader')).toEqual(rolePermissions(snapshot, 'manager'));
  });

  it('follows a change of an included role, also when it was asked for before', () => {
    const before = tenant.snapshot();
    const permissionsBefore = rolePermissions(before, 'manager');
    const role = roleOf('reader', { permissions: ['document:list'] });
    const after = applyEvents(before, [{ type: 'role-changed', role }]);
    const retired = applyEvents(after, [{ type: 'role-retired', roleId: 'writer' }]);

    expect(rolePermissions(after, 'manager').has('document:list')).toBe(true);
    expect(rolePermissions(after, 'manager').has('document:read')).toBe(false);
    expect(rolePermissions(retired, 'manager')).toEqual(new Set(['document:*']));
    expect(rolePermissions(before, 'manager')).toEqual(permissionsBefore);
  });
});
