import { Injectable } from '@nestjs/common';
import { MANUAL, planAddMembers } from '@bastion/access';
import { type Caller, parseInput } from '@bastion/platform';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { changeMembersInput } from './change-members.js';
import { insertMemberships } from './membership.store.js';
import { findGroup } from './group.store.js';

/** Puts users, service accounts and groups into a group: all of them or none. */
@Injectable()
export class AddGroupMembersCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(changeMembersInput, raw);
    const request = { operation: 'add-group-members', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const change = { ...input, source: MANUAL };
      const { events, after } = accepted(planAddMembers(context, change));
      await refuseOtherVersion(input.expectedVersion, () => findGroup(tx, input.groupId));
      await insertMemberships(tx, caller.tenantId, events);
      return { id: input.groupId, events, after };
    });
  }
}
