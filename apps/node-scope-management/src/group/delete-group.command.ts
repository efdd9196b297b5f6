import { Injectable } from '@nestjs/common';
import { planDeleteGroup } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput, reasonSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';

const deleteGroupInput = z.object({ groupId: entityIdSchema, reason: reasonSchema.nullish() });

/** Deletes a group with its memberships and assignments; its members live on. */
@Injectable()
export class DeleteGroupCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(deleteGroupInput, raw);
    const request = { operation: 'delete-group', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planDeleteGroup(context, input));
      await deleteEndedRows(tx, events);
      return { id: input.groupId, events, after };
    });
  }
}
