import { Injectable } from '@nestjs/common';
import { planUnregisterResource } from '@bastion/access';
import { type Caller, parseInput } from '@bastion/platform';
import { resourceKey } from '@bastion/policy';
import { z } from 'zod';
import { changeFields, resourceReferenceSchema } from '../input/index.js';
import {
  accepted,
  deleteEndedRows,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { findResource } from './resource.store.js';

const unregisterResourceInput = z.object({
  resource: resourceReferenceSchema,
  ...changeFields,
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
      await refuseOtherVersion(input.expectedVersion, () => findResource(tx, input.resource));
      await deleteEndedRows(tx, events);
      return { id: resourceKey(input.resource), events, after };
    });
  }
}
