import { Injectable } from '@nestjs/common';
import { planCreateUser } from '@bastion/access';
import { type Caller, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { externalIdsSchema } from '../external-id/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { metadataSchema } from './metadata.js';
import { userProfileInput } from './user-profile.js';
import { insertUser } from './user.store.js';

const createUserInput = userProfileInput.extend({
  status: z.enum(['INVITED', 'ACTIVE']),
  metadata: metadataSchema.nullish().transform((metadata) => metadata ?? {}),
  externalIds: externalIdsSchema.default([]),
});

/** Creates a user, who holds nothing yet. */
@Injectable()
export class CreateUserCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(createUserInput, raw);
    const request = { operation: 'create-user', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const id = uuidv7();
      const user = { id, subject: input.subject ?? id, status: input.status };
      const { events, after } = accepted(planCreateUser(context, user));
      await insertUser(tx, caller.tenantId, { ...user, kind: 'USER' }, input);
      return { id, events, after };
    });
  }
}
