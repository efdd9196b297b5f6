import { LIMITS } from '@bastion/access';
import { resourceIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { scopeTypeSchema } from './scope-type.js';

/** Names a resource; its type is shaped as those of permissions are. */
export const resourceReferenceSchema = z
  .object({ type: scopeTypeSchema, id: resourceIdSchema })
  .refine(
    ({ type, id }) => type.length + id.length < LIMITS.resourceKeyLength,
    `Type and id take less than ${LIMITS.resourceKeyLength} characters together`,
  );
