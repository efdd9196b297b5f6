import { Injectable } from '@nestjs/common';
import { planRevokeCredential } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput, reasonSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { deleteCredential, ownerOfCredential } from './credential.store.js';

const revokeCredentialInput = z.object({
  credentialId: entityIdSchema,
  reason: reasonSchema.nullish(),
});

/** Takes a secret away: it gets no token any more. Those that it got live on, for minutes. */
@Injectable()
export class RevokeCredentialCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason, ...input } = parseInput(revokeCredentialInput, raw);
    const request = { operation: 'revoke-credential', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { credentialId: id } = input;
      const serviceAccountId = await ownerOfCredential(tx, id);
      const { events, after } = accepted(planRevokeCredential(context, { serviceAccountId }));
      await deleteCredential(tx, id);
      return { id, events, after, details: { serviceAccountId } };
    });
  }
}
