import { Injectable } from '@nestjs/common';
import { planUnassignRole } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput, reasonSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';

const unassignRoleInput = z.object({
  assignmentId: entityIdSchema,
  reason: reasonSchema.nullish(),
});

/** Takes a role assignment away. */
@Injectable()
export class UnassignRoleCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(unassignRoleInput, raw);
    const request = { operation: 'unassign-role', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planUnassignRole(context, input));
      await deleteEndedRows(tx, events);
      return { id: input.assignmentId, events, after };
    });
  }
}
