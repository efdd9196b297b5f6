import { Injectable } from '@nestjs/common';
import { LIMITS, planUnassignRoles } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput, reasonSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';

const unassignRolesInput = z.object({
  assignmentIds: z.array(entityIdSchema).min(1).max(LIMITS.assignmentsPerCall),
  reason: reasonSchema.nullish(),
});

/** Takes role assignments away, all of them or none. The receipt's `id` is that of the first. */
@Injectable()
export class UnassignRolesCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(unassignRolesInput, raw);
    const request = { operation: 'unassign-roles', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planUnassignRoles(context, input));
      await deleteEndedRows(tx, events);
      return { id: input.assignmentIds[0]!, events, after };
    });
  }
}
