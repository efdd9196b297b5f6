import { Injectable } from '@nestjs/common';
import { LIMITS, MANUAL, planInTurn, planRemoveMembers } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { GranteeKind } from '../generated/prisma/enums.js';
import { changeFields } from '../input/index.js';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';

const { reason: reasonField } = changeFields;

const removeFromGroupsInput = z.object({
  groupIds: z.array(entityIdSchema).min(1).max(LIMITS.membersPerCall),
  member: z.object({ kind: z.enum(GranteeKind), id: entityIdSchema }),
  reason: reasonField,
});

/** Takes somebody out of groups it was added to by hand, of all or of none; where it is in none, nothing is done. */
@Injectable()
export class RemoveFromGroupsCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(removeFromGroupsInput, raw);
    const request = { operation: 'remove-from-groups', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { groupIds, member } = input;
      const change = { members: [member], source: MANUAL, repeatable: true };
      const plan = planInTurn(context, groupIds, (now, groupId) =>
        planRemoveMembers(now, { ...change, groupId }),
      );
      const { events, after } = accepted(plan);
      await deleteEndedRows(tx, events);
      return { id: member.id, events, after };
    });
  }
}
