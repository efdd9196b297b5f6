import { Injectable } from '@nestjs/common';
import { planMoveResource } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { resourceKey } from '@bastion/policy';
import { z } from 'zod';
import { changeFields, resourceReferenceSchema } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findResource, updateResourceScope } from './resource.store.js';

const moveResourceInput = z.object({
  resource: resourceReferenceSchema,
  scopeId: entityIdSchema,
  ...changeFields,
});

/** Moves a resource, with the assignments on it, under another scope. */
@Injectable()
export class MoveResourceCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(moveResourceInput, raw);
    const request = { operation: 'move-resource', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const resource = { ...input.resource, scopeId: input.scopeId };
      const { events, after } = accepted(planMoveResource(context, resource));
      await refuseOtherVersion(input.expectedVersion, () => findResource(tx, input.resource));
      await updateResourceScope(tx, resource);
      return { id: resourceKey(resource), events, after };
    });
  }
}
