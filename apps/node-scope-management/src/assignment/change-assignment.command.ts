import { Injectable } from '@nestjs/common';
import { planChangeAssignment } from '@bastion/access';
import { type Caller, entityIdSchema, instantSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields, conditionSchema } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findAssignment, updateAssignment } from './assignment.store.js';

const changeAssignmentInput = z.object({
  assignmentId: entityIdSchema,
  validFrom: instantSchema.nullish(),
  validUntil: instantSchema.nullish(),
  condition: conditionSchema.nullish(),
  ...changeFields,
});

/** Lets an assignment count at other times or under another condition, or for another reason. */
@Injectable()
export class ChangeAssignmentCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason, ...input } = parseInput(changeAssignmentInput, raw);
    const request = { operation: 'change-assignment', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { assignmentId, expectedVersion, validFrom, validUntil, condition } = input;
      const plan = planChangeAssignment(context, {
        assignmentId,
        validFrom: millisecondsOf(validFrom),
        validUntil: millisecondsOf(validUntil),
        condition,
      });
      const { events, after } = accepted(plan);
      await refuseOtherVersion(expectedVersion, () => findAssignment(tx, assignmentId));
      // Why it was granted stays unless something else is said: null says nothing.
      const terms = { validFrom, validUntil, condition, reason: reason ?? undefined };
      await updateAssignment(tx, assignmentId, terms);
      return { id: assignmentId, events, after };
    });
  }
}

/** Undefined stays so: what is left out stays as it is. */
function millisecondsOf(instant: Date | null | undefined): number | null | undefined {
  return instant instanceof Date ? instant.getTime() : instant;
}
