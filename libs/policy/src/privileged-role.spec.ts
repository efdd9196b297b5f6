import { tenantFacts } from '@bastion/testing';
import { isPrivilegedRole, privilegedRoleIds } from './privileged-role.js';

describe('a privileged role', () => {
  const snapshot = tenantFacts()
    .role('plain', ['*'])
    .role('admin', [], { privileged: true })
    .role('within', [], { includes: ['admin'] })
    .role('deep', [], { includes: ['plain', 'within'] })
    .snapshot();

  it('is one by itself or by any role that it includes', () => {
    expect([...privilegedRoleIds(snapshot)].sort()).toEqual(['admin', 'deep', 'within']);
    expect(['plain', 'none'].map((id) => isPrivilegedRole(snapshot, id))).toEqual([false, false]);
  });
});
