import { Injectable } from '@nestjs/common';
import { planChangePrincipal } from '@bastion/access';
import { type Caller, entityIdSchema, nameSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields, descriptionSchema } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findServiceAccount, updateServiceAccount } from './service-account.store.js';

const changeServiceAccountInput = z.object({
  serviceAccountId: entityIdSchema,
  name: nameSchema.nullish(),
  description: descriptionSchema.nullish(),
  ...changeFields,
});

/** Changes what a service account is to people; no revision comes of it. */
@Injectable()
export class ChangeServiceAccountCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason, ...input } = parseInput(changeServiceAccountInput, raw);
    const request = { operation: 'change-service-account', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { serviceAccountId: id, expectedVersion, name, description } = input;
      const account = { principalId: id, kind: 'SERVICE_ACCOUNT', managedBy: null } as const;
      const { events, after } = accepted(planChangePrincipal(context, account));
      await refuseOtherVersion(expectedVersion, () => findServiceAccount(tx, id));
      const changes = { ...(name && { name }), ...(description != null && { description }) };
      await updateServiceAccount(tx, id, changes);
      return { id, events, after, details: { changed: Object.keys(changes).sort() } };
    });
  }
}
