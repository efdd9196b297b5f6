import { Injectable } from '@nestjs/common';
import { planCreateCredential } from '@bastion/access';
import {
  ApiError,
  type Caller,
  entityIdSchema,
  instantSchema,
  parseInput,
  reasonSchema,
} from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { newClientSecret } from './client-secret.js';
import { countValidCredentials, insertCredential } from './credential.store.js';

const createCredentialInput = z.object({
  serviceAccountId: entityIdSchema,
  expiresAt: instantSchema.nullish(),
  reason: reasonSchema.nullish(),
});

export interface CreatedCredential extends Receipt {
  readonly serviceAccountId: string;
  /** Null for a retry: nothing that could tell it again is kept. */
  readonly secret: string | null;
}

/** Gives a service account another secret by which it gets tokens. */
@Injectable()
export class CreateCredentialCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(
    caller: Caller,
    raw: unknown,
    idempotencyKey?: string | null,
  ): Promise<CreatedCredential> {
    const { reason, ...input } = parseInput(createCredentialInput, raw);
    const { serviceAccountId, expiresAt = null } = input;
    if (expiresAt && expiresAt.getTime() <= Date.now()) {
      throw new ApiError('INVALID_INPUT', 'expiresAt has passed already.');
    }
    const id = uuidv7();
    const { secret, hash, hint } = newClientSecret();
    const request = { operation: 'create-credential', input, reason, idempotencyKey };
    const receipt = await this.writer.write(caller, request, async (tx, context) => {
      const valid = await countValidCredentials(tx, serviceAccountId);
      const { events, after } = accepted(
        planCreateCredential(context, { serviceAccountId, valid }),
      );
      const credential = { id, serviceAccountId, hash, hint, expiresAt };
      await insertCredential(tx, caller.tenantId, credential);
      return { id, events, after, details: { serviceAccountId } };
    });
    // INVARIANT: only the secret that was committed just now is told.
    return { ...receipt, serviceAccountId, secret: receipt.id === id ? secret : null };
  }
}
