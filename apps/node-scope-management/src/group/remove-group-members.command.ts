import { Injectable } from '@nestjs/common';
import { MANUAL, planRemoveMembers } from '@bastion/access';
import { type Caller, parseInput } from '@bastion/platform';
import {
  accepted,
  deleteEndedRows,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { changeMembersInput } from './change-members.js';
import { findGroup } from './group.store.js';

/** Takes members that were added by hand out of a group: all of them or none. */
@Injectable()
export class RemoveGroupMembersCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(changeMembersInput, raw);
    const request = { operation: 'remove-group-members', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const change = { ...input, source: MANUAL };
      const { events, after } = accepted(planRemoveMembers(context, change));
      await refuseOtherVersion(input.expectedVersion, () => findGroup(tx, input.groupId));
      await deleteEndedRows(tx, events);
      return { id: input.groupId, events, after };
    });
  }
}
