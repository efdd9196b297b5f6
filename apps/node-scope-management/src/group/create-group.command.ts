import { Injectable } from '@nestjs/common';
import { planCreateGroup } from '@bastion/access';
import { type Caller, nameSchema, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { descriptionSchema } from '../input/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { insertGroup } from './group.store.js';

const createGroupInput = z.object({ name: nameSchema, description: descriptionSchema.default('') });

/** Creates a group without members. */
@Injectable()
export class CreateGroupCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(createGroupInput, raw);
    const request = { operation: 'create-group', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const group = { id: uuidv7() };
      const { events, after } = accepted(planCreateGroup(context, group));
      await insertGroup(tx, caller.tenantId, group, input);
      return { id: group.id, events, after };
    });
  }
}
