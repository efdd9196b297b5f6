import { Injectable } from '@nestjs/common';
import { planCreateServiceAccount } from '@bastion/access';
import { type Caller, nameSchema, parseInput, subjectSchema } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { descriptionSchema } from '../input/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { insertServiceAccount } from './service-account.store.js';

const createServiceAccountInput = z.object({
  name: nameSchema,
  description: descriptionSchema.default(''),
  subject: subjectSchema.nullish(),
});

/** Creates a service account, which is active and holds nothing yet. */
@Injectable()
export class CreateServiceAccountCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(createServiceAccountInput, raw);
    const request = { operation: 'create-service-account', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const id = uuidv7();
      const account = { id, subject: input.subject ?? id };
      const { events, after } = accepted(planCreateServiceAccount(context, account));
      const fact = { ...account, kind: 'SERVICE_ACCOUNT', status: 'ACTIVE' } as const;
      await insertServiceAccount(tx, caller.tenantId, fact, input);
      return { id, events, after };
    });
  }
}
