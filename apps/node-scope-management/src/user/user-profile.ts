import { nameSchema, subjectSchema } from '@bastion/platform';
import { z } from 'zod';

export const emailSchema = z.email().max(320);

/** What whoever creates a user says about them. */
export const userProfileInput = z.object({
  userName: nameSchema,
  displayName: nameSchema,
  email: emailSchema.nullish(),
  subject: subjectSchema.nullish(),
});
