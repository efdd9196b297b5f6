import { nameSchema, subjectSchema } from '@bastion/platform';
import { z } from 'zod';

/** What whoever creates a user says about them. */
export const userProfileInput = z.object({
  userName: nameSchema,
  displayName: nameSchema,
  email: z.email().max(320).nullish(),
  subject: subjectSchema.nullish(),
});
