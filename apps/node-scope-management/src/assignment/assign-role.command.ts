import { Injectable } from '@nestjs/common';
import { planAssignRole } from '@bastion/access';
import {
  type Caller,
  entityIdSchema,
  instantSchema,
  parseInput,
  reasonSchema,
} from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Effect, GranteeKind, Reach } from '../generated/prisma/enums.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { insertAssignment } from './assignment.store.js';

const assignRoleInput = z.object({
  granteeKind: z.enum(GranteeKind),
  granteeId: entityIdSchema,
  roleId: entityIdSchema,
  scopeId: entityIdSchema,
  reach: z.enum(Reach),
  effect: z.enum(Effect),
  validFrom: instantSchema.nullish(),
  validUntil: instantSchema.nullish(),
  reason: reasonSchema.nullish(),
});

/** Gives a principal or group a role on a scope, or denies it there. */
@Injectable()
export class AssignRoleCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(assignRoleInput, raw);
    const request = { operation: 'assign-role', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const assignment = {
        ...input,
        id: uuidv7(),
        source: 'manual',
        validFrom: input.validFrom?.getTime() ?? null,
        validUntil: input.validUntil?.getTime() ?? null,
      };
      const { events, after } = accepted(planAssignRole(context, assignment));
      const grantedBy = context.actor.kind === 'PRINCIPAL' ? context.actor.principalId : null;
      await insertAssignment(tx, caller.tenantId, assignment, { reason, grantedBy });
      return { id: assignment.id, events, after };
    });
  }
}
