import { Injectable } from '@nestjs/common';
import { planDeleteGroup } from '@bastion/access';
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
import { findGroup } from './group.store.js';

const deleteGroupInput = z.object({ groupId: entityIdSchema, ...changeFields });

/** Deletes a group with its memberships and assignments; its members live on. */
@Injectable()
export class DeleteGroupCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(deleteGroupInput, raw);
    const request = { operation: 'delete-group', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { groupId, expectedVersion } = input;
      const found = await findGroup(tx, groupId);
      const plan = planDeleteGroup(context, { groupId, managedBy: found?.managedBy ?? null });
      const { events, after } = accepted(plan);
      await refuseOtherVersion(expectedVersion, () => Promise.resolve(found));
      await deleteEndedRows(tx, events);
      return { id: groupId, events, after };
    });
  }
}
