import type { BuiltInRoleKey } from '@bastion/access';
import { AccessType } from './known-scopes.model.js';

/** What known clients call the built-in roles that content is shared by. */
export const ROLE_OF_ACCESS = {
  READ: 'reader',
  WRITE: 'writer',
  MANAGE: 'manager',
} as const satisfies Record<AccessType, BuiltInRoleKey>;

export const ACCESS_TYPES = Object.values(AccessType);
