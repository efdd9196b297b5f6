import { consistencyTokenSchema, subjectSchema } from '@bastion/platform';
import {
  flawOfAttributes,
  isPermission,
  MAX_CHAIN_LENGTH,
  type Attributes,
  type DecisionContext,
  type Place,
} from '@bastion/policy';
import { z } from 'zod';
import type { PrincipalReference } from './asker.js';
import type { Check } from './check.query.js';

/** Checks answered at once at most. */
export const MAX_CHECKS = 500;

/** The id of a scope or a principal, whether or not there is one. */
export const idSchema = z.string().min(1).max(128);

export const permissionSchema = z
  .string()
  .refine(isPermission, 'Expected a permission such as document:read');

/** What the caller says of the circumstances, as `context` of conditions. */
export const contextSchema = z
  .custom<Attributes>()
  .nullish()
  .superRefine((given, refinement) => {
    const flaw = given == null ? undefined : flawOfAttributes(given);
    if (flaw !== undefined) refinement.addIssue(flaw);
  })
  .transform((attributes): DecisionContext | undefined =>
    attributes == null ? undefined : { attributes },
  );

/** A `PrincipalInput`. */
export const principalSchema = z
  .union([z.strictObject({ id: idSchema }), z.strictObject({ subject: subjectSchema })])
  .transform((given): PrincipalReference =>
    'id' in given ? { by: 'ID', ...given } : { by: 'SUBJECT', ...given },
  );

/** What permissions can have before the colon. */
export const resourceTypeSchema = z
  .string()
  .refine((type) => isPermission(`${type}:*`), 'Expected a type such as document');

const resourceSchema = z.object({ type: resourceTypeSchema, id: idSchema });

/** The scope, the resource, or both that a question is about. */
export const placeFields = {
  scopeId: idSchema.nullish().transform((given) => given ?? undefined),
  resource: resourceSchema.nullish().transform((given) => given ?? undefined),
};

/** Refuses a question about nowhere. */
export function isSomewhere({ scopeId, resource }: Place): boolean {
  return scopeId !== undefined || resource !== undefined;
}
export const NOWHERE = 'Expected a scopeId, a resource, or both';

/** A `CheckInput`, whose form GraphQL has looked at already, as a question. */
export const checkInputSchema = z
  .object({
    principal: principalSchema.nullish(),
    actors: z
      .array(principalSchema)
      .max(MAX_CHAIN_LENGTH - 1)
      .nullish(),
    permission: permissionSchema,
    ...placeFields,
    context: contextSchema,
    atLeast: consistencyTokenSchema.nullish(),
  })
  .refine(isSomewhere, NOWHERE)
  .transform(({ principal, actors, permission, scopeId, resource, context, atLeast }): Check => ({
    question: {
      principal: principal ?? { by: 'CALLER' },
      actors: actors ?? [],
      permission,
      scopeIds: scopeId === undefined ? [] : [scopeId],
      resource,
      context,
    },
    atLeast,
  }));

export const checkInputsSchema = z.array(checkInputSchema).max(MAX_CHECKS);
