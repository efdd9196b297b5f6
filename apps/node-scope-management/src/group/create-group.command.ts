import { Injectable } from '@nestjs/common';
import { planCreateGroup } from '@bastion/access';
import { type Caller, lineOfText, nameSchema, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { descriptionSchema, externalIdText } from '../input/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { insertGroup } from './group.store.js';

const createGroupInput = z.object({
  name: nameSchema,
  description: descriptionSchema.nullish(),
  externalId: externalIdText.nullish(),
  /** What the caller calls itself: kept in the audit as the reason. */
  createdBy: lineOfText(200).nullish(),
});

/** Creates a group without members. */
@Injectable()
export class CreateGroupCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { createdBy: reason = null, ...input } = parseInput(createGroupInput, raw);
    const request = { operation: 'create-group', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const group = { id: uuidv7() };
      const { events, after } = accepted(planCreateGroup(context, group));
      const { name, description, externalId } = input;
      const texts = { name, description: description ?? '', externalId: externalId ?? null };
      await insertGroup(tx, caller.tenantId, group, texts);
      return { id: group.id, events, after };
    });
  }
}
