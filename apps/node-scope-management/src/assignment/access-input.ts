import { entityIdSchema } from '@bastion/platform';
import { LIMITS } from '@bastion/access';
import { z } from 'zod';
import { GranteeKind } from '../generated/prisma/enums.js';

/** Who has which of the built-in roles that content is shared by. */
export const accessesSchema = z
  .array(
    z.object({
      granteeKind: z.enum(GranteeKind),
      granteeId: entityIdSchema,
      role: z.enum(['reader', 'writer', 'manager']),
    }),
  )
  .max(LIMITS.assignmentsPerCall);

/** The same by the tenant's ids of these roles. */
export function withRoleIds<Access extends { readonly role: string }>(
  accesses: readonly Access[],
  roleIds: ReadonlyMap<string, string>,
): (Access & { readonly roleId: string })[] {
  return accesses.map((access) => ({ ...access, roleId: roleIds.get(access.role) ?? '' }));
}
