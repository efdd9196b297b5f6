export const BUILT_IN_ROLE_KEYS = [
  'reader',
  'writer',
  'manager',
  'tenant-admin',
  'user-admin',
  'access-admin',
  'auditor',
] as const;

export type BuiltInRoleKey = (typeof BUILT_IN_ROLE_KEYS)[number];

/** A role that every tenant has from its creation, under an id of its own, and never changes. */
export interface BuiltInRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly includes: readonly BuiltInRoleKey[];
  readonly privileged: boolean;
  readonly piercing: boolean;
}

/** Each role comes after those that it includes. */
export const BUILT_IN_ROLES: Readonly<Record<BuiltInRoleKey, BuiltInRole>> = {
  // Sees the content and the tree it lies in, but not who else may: that is `assignment:read`.
  reader: {
    name: 'Reader',
    description: 'Reads the content of a scope.',
    permissions: [
      'workspace:read',
      'folder:read',
      'assistant:read',
      'document:read',
      'scope:read',
      'resource:read',
    ],
    includes: [],
    privileged: false,
    piercing: false,
  },
  // Changes content; the workspace itself and the shape of the tree stay with the manager.
  writer: {
    name: 'Writer',
    description: 'Reads and changes the content of a scope.',
    permissions: ['folder:write', 'assistant:write', 'document:write'],
    includes: ['reader'],
    privileged: false,
    piercing: false,
  },
  // Shares what it holds: `assignment:write` without `assignment:any` grants no more than this role.
  manager: {
    name: 'Manager',
    description: 'Runs a scope: everything in it, its child scopes, and who has access.',
    permissions: [
      'workspace:*',
      'folder:*',
      'assistant:*',
      'document:*',
      'scope:write',
      'resource:write',
      'assignment:read',
      'assignment:write',
    ],
    includes: ['writer'],
    privileged: false,
    piercing: false,
  },
  // Piercing: nobody shuts the administrator out by unticking inheritance.
  'tenant-admin': {
    name: 'Tenant administrator',
    description: 'May do everything, everywhere in the tenant.',
    permissions: ['*'],
    includes: [],
    privileged: true,
    piercing: true,
  },
  // Keeps the people, not their rights: giving someone access by way of a group is held to what
  // the user administrator holds. Not piercing, as users and groups are asked for at the root.
  'user-admin': {
    name: 'User administrator',
    description: 'Manages users, service accounts and groups.',
    permissions: ['user:*', 'service-account:*', 'group:*'],
    includes: [],
    privileged: true,
    piercing: false,
  },
  // `assignment:*` contains `assignment:any`: gives anyone anything, itself included, so it reaches
  // as far as the tenant administrator and is privileged like it.
  'access-admin': {
    name: 'Access administrator',
    description: 'Decides who has which role where, and what roles contain.',
    permissions: ['role:*', 'assignment:*', 'group:*', 'user:read', 'scope:read', 'access:check'],
    includes: [],
    privileged: true,
    piercing: true,
  },
  // Sees who may do what and who did what, never the content; piercing, so that nothing hides.
  auditor: {
    name: 'Auditor',
    description: 'Reads all administration, the audit trail, and what anyone may do.',
    permissions: [
      'tenant:read',
      'user:read',
      'service-account:read',
      'group:read',
      'scope:read',
      'resource:read',
      'role:read',
      'assignment:read',
      'audit:read',
      'access:check',
    ],
    includes: [],
    privileged: false,
    piercing: true,
  },
};
