import { consistencyTokenSchema, instantSchema } from '@bastion/platform';
import { z } from 'zod';
import {
  contextSchema,
  isSomewhere,
  NOWHERE,
  permissionSchema,
  placeFields,
  principalSchema,
  resourceTypeSchema,
} from '../check/index.js';
import type { ListRequest } from './access-lists.query.js';

/** The longest page. */
export const MAX_PAGE = 1_000;
export const DEFAULT_PAGE = 100;

const about = principalSchema.nullish().transform((given) => given ?? { by: 'CALLER' as const });
const atLeast = consistencyTokenSchema.nullish();
const context = contextSchema;
const page = {
  context,
  atLeast,
  first: z.number().int().min(1).max(MAX_PAGE),
  after: z.string().min(1).max(4_096).nullish(),
};

export const accessibleScopesSchema = z
  .object({ principal: about, permission: permissionSchema, ...page })
  .transform((given): ListRequest => ({ of: 'SCOPES', ...given }));

export const accessibleResourcesSchema = z
  .object({
    ...{ principal: about, permission: permissionSchema },
    resourceType: resourceTypeSchema.nullish().transform((given) => given ?? undefined),
    ...page,
  })
  .transform((given): ListRequest => ({ of: 'RESOURCES', ...given }));

export const principalsWithAccessSchema = z
  .object({ permission: permissionSchema, ...placeFields, ...page })
  .refine(isSomewhere, NOWHERE)
  .transform((given): ListRequest => ({ of: 'PRINCIPALS', ...given }));

export const permissionsOnSchema = z
  .object({ principal: about, ...placeFields, ...page })
  .refine(isSomewhere, NOWHERE)
  .transform((given): ListRequest => ({ of: 'PERMISSIONS', ...given }));

export const explainSchema = z
  .object({
    ...{ principal: about, permission: permissionSchema, ...placeFields, context, atLeast },
    at: instantSchema.nullish(),
  })
  .refine(isSomewhere, NOWHERE);

export type ExplainRequest = z.output<typeof explainSchema>;
