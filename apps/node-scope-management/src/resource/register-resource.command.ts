import { Injectable } from '@nestjs/common';
import { planRegisterResource } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { resourceKey } from '@bastion/policy';
import { z } from 'zod';
import { resourceReferenceSchema } from '../input/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { insertResource } from './resource.store.js';

const registerResourceInput = z.object({
  resource: resourceReferenceSchema,
  scopeId: entityIdSchema,
});

/** Registers a resource under a scope; one that is there already stays as it is. */
@Injectable()
export class RegisterResourceCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(registerResourceInput, raw);
    const request = { operation: 'register-resource', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const resource = { ...input.resource, scopeId: input.scopeId };
      const { events, after } = accepted(planRegisterResource(context, resource));
      if (events.length > 0) await insertResource(tx, caller.tenantId, resource);
      return { id: resourceKey(resource), events, after };
    });
  }
}
