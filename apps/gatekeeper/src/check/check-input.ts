import { consistencyTokenSchema, subjectSchema } from '@bastion/platform';
import { isPermission, MAX_CHAIN_LENGTH } from '@bastion/policy';
import { z } from 'zod';
import type { Check } from './check.query.js';
import type { PrincipalReference } from './question.js';

/** Checks answered at once at most. */
export const MAX_CHECKS = 500;

/** The id of a scope or a principal, whether or not there is one. */
export const idSchema = z.string().min(1).max(128);

export const permissionSchema = z
  .string()
  .refine(isPermission, 'Expected a permission such as document:read');

/** A `PrincipalInput`. */
export const principalSchema = z
  .union([z.strictObject({ id: idSchema }), z.strictObject({ subject: subjectSchema })])
  .transform((given): PrincipalReference =>
    'id' in given ? { by: 'ID', ...given } : { by: 'SUBJECT', ...given },
  );

/** A `CheckInput`, whose form GraphQL has looked at already, as a question. */
export const checkInputSchema = z
  .object({
    principal: principalSchema.nullish(),
    actors: z
      .array(principalSchema)
      .max(MAX_CHAIN_LENGTH - 1)
      .nullish(),
    permission: permissionSchema,
    scopeId: idSchema,
    atLeast: consistencyTokenSchema.nullish(),
  })
  .transform(({ principal, actors, permission, scopeId, atLeast }): Check => ({
    question: {
      principal: principal ?? { by: 'CALLER' },
      actors: actors ?? [],
      permission,
      scopeIds: [scopeId],
    },
    atLeast,
  }));

export const checkInputsSchema = z.array(checkInputSchema).max(MAX_CHECKS);
