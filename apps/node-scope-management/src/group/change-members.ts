import { LIMITS } from '@bastion/access';
import { entityIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { GranteeKind } from '../generated/prisma/enums.js';
import { changeFields } from '../input/index.js';

/** What both adding and removing members take. */
export const changeMembersInput = z.object({
  groupId: entityIdSchema,
  members: z
    .array(z.object({ kind: z.enum(GranteeKind), id: entityIdSchema }))
    .min(1)
    .max(LIMITS.membersPerCall),
  /** Whether who is in already, or out, is passed over and not refused. */
  repeatable: z.boolean().default(false),
  ...changeFields,
});
