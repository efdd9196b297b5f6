import { isPermission, permissionCovers, rolePermissions } from '@bastion/policy';
import { API_PERMISSIONS, type ApiPermission } from './api-permissions.js';
import { BUILT_IN_ROLE_KEYS, BUILT_IN_ROLES, type BuiltInRoleKey } from './built-in-roles.js';
import { planCreateTenant } from './plan-tenant.js';

const roleIds = Object.fromEntries(BUILT_IN_ROLE_KEYS.map((key) => [key, key])) as Record<
  BuiltInRoleKey,
  string
>;
const { after } = planCreateTenant({
  rootScopeId: 'root',
  admin: { id: 'ada', subject: 'ada' },
  adminAssignmentId: 'ada-admin',
  roleIds,
});

function holds(key: BuiltInRoleKey, permission: string): boolean {
  return [...rolePermissions(after, key)].some((held) => permissionCovers(held, permission));
}

function rolesWith(permission: string): BuiltInRoleKey[] {
  return BUILT_IN_ROLE_KEYS.filter((key) => holds(key, permission));
}

describe('the built-in roles', () => {
  it('contain well-formed permissions only', () => {
    const permissions = Object.values(BUILT_IN_ROLES).flatMap((role) => role.permissions);
    expect(permissions.filter((permission) => !isPermission(permission))).toEqual([]);
  });

  it('include only roles that come before them', () => {
    BUILT_IN_ROLE_KEYS.forEach((key, index) => {
      const earlier = BUILT_IN_ROLE_KEYS.slice(0, index);
      expect(earlier).toEqual(expect.arrayContaining([...BUILT_IN_ROLES[key].includes]));
    });
  });

  it.each<[permission: string, roles: BuiltInRoleKey[]]>([
    ['document:read', ['reader', 'writer', 'manager', 'tenant-admin']],
    ['document:write', ['writer', 'manager', 'tenant-admin']],
    ['document:delete', ['manager', 'tenant-admin']],
    ['scope:write', ['manager', 'tenant-admin']],
    ['user:write', ['tenant-admin', 'user-admin']],
    ['group:write', ['tenant-admin', 'user-admin', 'access-admin']],
    ['role:write', ['tenant-admin', 'access-admin']],
    ['assignment:write', ['manager', 'tenant-admin', 'access-admin']],
    ['assignment:any', ['tenant-admin', 'access-admin']],
    ['access:check', ['tenant-admin', 'access-admin', 'auditor']],
    ['audit:read', ['tenant-admin', 'auditor']],
  ])('%s is in %j', (permission, roles) => {
    expect(rolesWith(permission)).toEqual(roles);
  });

  it('let the auditor read all administration and write nothing', () => {
    const held = API_PERMISSIONS.filter((permission) => holds('auditor', permission));
    const reads = (permission: ApiPermission): boolean => permission.endsWith(':read');
    expect(held).toEqual([...API_PERMISSIONS.filter(reads), 'access:check']);
  });

  it('pierce where inheritance must shut nobody out', () => {
    const piercing = BUILT_IN_ROLE_KEYS.filter((key) => BUILT_IN_ROLES[key].piercing);
    expect(piercing).toEqual(['tenant-admin', 'access-admin', 'auditor']);
  });
});
