import { consistencyTokenSchema, subjectSchema } from '@bastion/platform';
import { isPermission } from '@bastion/policy';
import { z } from 'zod';
import type { PrincipalReference, Question } from './question.js';

/** Checks answered at once at most. */
export const MAX_CHECKS = 500;

const id = z.string().min(1).max(128);

const principal = z
  .union([z.strictObject({ id }), z.strictObject({ subject: subjectSchema })])
  .nullish()
  .transform((given): PrincipalReference => {
    if (!given) return { by: 'CALLER' };
    return 'id' in given ? { by: 'ID', ...given } : { by: 'SUBJECT', ...given };
  });

/** A `CheckInput`, whose form GraphQL has looked at already, as a question. */
export const checkInputSchema = z
  .object({
    principal,
    permission: z.string().refine(isPermission, 'Expected a permission such as document:read'),
    scopeId: id,
    atLeast: consistencyTokenSchema.nullish(),
  })
  .transform(({ principal, permission, scopeId, atLeast }) => {
    const question: Question = { principal, permission, scopeIds: [scopeId] };
    return { question, atLeast };
  });

export const checkInputsSchema = z.array(checkInputSchema).max(MAX_CHECKS);
