import { Injectable } from '@nestjs/common';
import { planChangeGroup } from '@bastion/access';
import { type Caller, entityIdSchema, nameSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields, descriptionSchema, externalIdText } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findGroup, updateGroup } from './group.store.js';

/** Null leaves a name or a description as it is, and takes an external id away. */
const changeGroupInput = z.object({
  groupId: entityIdSchema,
  name: nameSchema.nullish(),
  description: descriptionSchema.nullish(),
  externalId: externalIdText.nullish(),
  ...changeFields,
});

/** Changes what a group is called. */
@Injectable()
export class ChangeGroupCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(changeGroupInput, raw);
    const request = { operation: 'change-group', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { groupId, expectedVersion, name, description, externalId } = input;
      const found = await findGroup(tx, groupId);
      const plan = planChangeGroup(context, { groupId, managedBy: found?.managedBy ?? null });
      const { events, after } = accepted(plan);
      await refuseOtherVersion(expectedVersion, () => Promise.resolve(found));
      await updateGroup(tx, groupId, {
        name: name ?? undefined,
        description: description ?? undefined,
        externalId,
      });
      return { id: groupId, events, after };
    });
  }
}
