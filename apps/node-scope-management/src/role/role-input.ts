import { LIMITS } from '@bastion/access';
import { entityIdSchema, nameSchema } from '@bastion/platform';
import { z } from 'zod';
import { descriptionSchema, scopeTypeSchema } from '../input/index.js';

/** Anything that can be hashed and sent on; a lone surrogate cannot. */
const wellFormedText = z.string().regex(/^\P{Cs}*$/u, 'No lone surrogates');

/** What a role is made of. Whether a text is a permission is the access model's to say. */
export const roleInput = z.object({
  name: nameSchema,
  description: descriptionSchema,
  permissions: z.array(wellFormedText).max(LIMITS.permissionsPerRole),
  includes: z.array(entityIdSchema).max(LIMITS.includesPerRole),
  assignableOn: z.array(scopeTypeSchema).max(LIMITS.scopeTypesPerRole),
  privileged: z.boolean(),
  piercing: z.boolean(),
});
