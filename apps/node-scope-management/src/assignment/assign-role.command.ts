import { Injectable } from '@nestjs/common';
import { MANUAL, planAssignRole } from '@bastion/access';
import {
  type Caller,
  entityIdSchema,
  instantSchema,
  parseInput,
  reasonSchema,
} from '@bastion/platform';
import { resourceKey } from '@bastion/policy';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Effect, GranteeKind, Reach } from '../generated/prisma/enums.js';
import { conditionSchema, resourceReferenceSchema } from '../input/index.js';
import { accepted, authorOf, type Receipt, TenantWriter } from '../write/index.js';
import { insertAssignment } from './assignment.store.js';

const assignRoleInput = z
  .object({
    granteeKind: z.enum(GranteeKind),
    granteeId: entityIdSchema,
    roleId: entityIdSchema,
    scopeId: entityIdSchema.nullish(),
    resource: resourceReferenceSchema.nullish(),
    reach: z.enum(Reach),
    effect: z.enum(Effect),
    validFrom: instantSchema.nullish(),
    validUntil: instantSchema.nullish(),
    condition: conditionSchema.nullish(),
    reason: reasonSchema.nullish(),
  })
  .refine(({ scopeId, resource }) => scopeId || resource, 'Expected a scopeId or a resource');

/** Gives a principal or group a role on a scope or a resource, or denies it there. */
@Injectable()
export class AssignRoleCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(assignRoleInput, raw);
    const request = { operation: 'assign-role', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { scopeId, resource, ...rest } = input;
      const assignment = {
        ...rest,
        id: uuidv7(),
        scopeId: resource ? resourceKey(resource) : scopeId!,
        source: MANUAL,
        validFrom: input.validFrom?.getTime() ?? null,
        validUntil: input.validUntil?.getTime() ?? null,
        condition: input.condition ?? null,
      };
      const underScopeId = (resource && scopeId) ?? undefined;
      const plan = planAssignRole(context, { ...assignment, underScopeId });
      const { events, after } = accepted(plan);
      const grantedBy = authorOf(context);
      await insertAssignment(tx, caller.tenantId, assignment, { reason, grantedBy });
      return { id: assignment.id, events, after };
    });
  }
}
