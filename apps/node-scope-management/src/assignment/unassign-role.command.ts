import { Injectable } from '@nestjs/common';
import { planUnassignRole } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import {
  accepted,
  deleteEndedRows,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { findAssignment } from './assignment.store.js';

const unassignRoleInput = z.object({
  assignmentId: entityIdSchema,
  ...changeFields,
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
      await refuseOtherVersion(input.expectedVersion, () => findAssignment(tx, input.assignmentId));
      await deleteEndedRows(tx, events);
      return { id: input.assignmentId, events, after };
    });
  }
}
