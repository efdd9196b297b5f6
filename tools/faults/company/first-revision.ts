import type { AccessEvent, GranteeKind, RoleFact } from '@bastion/policy';

/** What questions are about. Ids carry their tenant, so that one of another's is known at sight. */
export const USERS = ['ann', 'bob', 'cyn'] as const;
export const GROUPS = ['team', 'all'] as const;
export const SCOPES = ['root', 'lab', 'desk', 'den'] as const;
export const ROLES = ['admin', 'reader', 'writer', 'auditor'] as const;
export const PERMISSIONS = ['document:read', 'document:write', 'audit:read'] as const;

export function idIn(tenantId: string, name: string): string {
  return `${tenantId}.${name}`;
}

/** Whether an id of that tenant's facts is one that its own people gave. */
export function isOf(tenantId: string, id: string): boolean {
  return id.startsWith(`${tenantId}.`);
}

export function subjectOf(tenantId: string, user: string): string {
  return `subject-${idIn(tenantId, user)}`;
}

/**
 * A small company: three people in nested groups, four scopes in a line, and enough rights for most
 * questions to be answered differently as they come and go.
 */
export function firstRevision(tenantId: string): AccessEvent[] {
  const id = (name: string): string => idIn(tenantId, name);
  const role = (
    name: string,
    permissions: string[],
    more: Partial<RoleFact> = {},
  ): AccessEvent => ({
    type: 'role-created',
    role: {
      ...{ id: id(name), permissions, includes: [], assignableOn: [] },
      ...{ privileged: false, piercing: false, ...more },
    },
  });
  const scope = (name: string, parent: string | null): AccessEvent => ({
    type: 'scope-created',
    scope: {
      ...{ id: id(name), parentId: parent && id(parent), inheritsAccess: true },
      type: parent === null ? 'tenant' : 'folder',
    },
  });
  const user = (name: string): AccessEvent => ({
    type: 'principal-created',
    principal: {
      ...{ id: id(name), kind: 'USER', status: 'ACTIVE' },
      subject: subjectOf(tenantId, name),
    },
  });
  const member = (group: string, memberKind: GranteeKind, name: string): AccessEvent => ({
    type: 'member-added',
    membership: { groupId: id(group), memberKind, memberId: id(name), source: 'manual' },
  });
  const grant = (
    ...[name, granteeKind, who, role, on]: [string, GranteeKind, string, string, string]
  ): AccessEvent => ({
    type: 'role-assigned',
    assignment: {
      ...{ id: id(name), granteeKind, granteeId: id(who), roleId: id(role), scopeId: id(on) },
      ...{ source: 'manual', validFrom: null, validUntil: null, condition: null },
      reach: 'SUBTREE',
      effect: 'ALLOW',
    },
  });
  return [
    {
      type: 'tenant-created',
      tenant: { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 },
    },
    scope('root', null),
    scope('lab', 'root'),
    scope('desk', 'lab'),
    scope('den', 'root'),
    role('admin', ['*'], { piercing: true, privileged: true }),
    role('reader', ['document:read']),
    role('writer', ['document:write'], { includes: [id('reader')] }),
    role('auditor', ['audit:read'], { privileged: true }),
    user('boss'),
    ...USERS.map(user),
    ...GROUPS.map((name): AccessEvent => ({ type: 'group-created', group: { id: id(name) } })),
    member('team', 'USER', 'ann'),
    member('all', 'GROUP', 'team'),
    grant('boss-admin', 'USER', 'boss', 'admin', 'root'),
    grant('all-read', 'GROUP', 'all', 'reader', 'lab'),
    grant('bob-write', 'USER', 'bob', 'writer', 'root'),
  ];
}
