import { Injectable } from '@nestjs/common';
import { planUnregisterResource } from '@bastion/access';
import { type Caller, parseInput, reasonSchema } from '@bastion/platform';
import { resourceKey } from '@bastion/policy';
import { z } from 'zod';
import { resourceReferenceSchema } from '../input/index.js';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';

const unregisterResourceInput = z.object({
  resource: resourceReferenceSchema,
  reason: reasonSchema.nullish(),
});

/** Unregisters a resource with the assignments on it. */
@Injectable()
export class UnregisterResourceCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(unregisterResourceInput, raw);
    const request = { operation: 'unregister-resource', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planUnregisterResource(context, input.resource));
      await deleteEndedRows(tx, events);
      return { id: resourceKey(input.resource), events, after };
    });
  }
}
