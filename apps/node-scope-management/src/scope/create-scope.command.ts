import { Injectable } from '@nestjs/common';
import { planCreateScope } from '@bastion/access';
import { type Caller, entityIdSchema, nameSchema, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { scopeTypeSchema } from '../input/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { insertScope } from './scope.store.js';

const createScopeInput = z.object({
  parentId: entityIdSchema,
  type: scopeTypeSchema,
  name: nameSchema,
  inheritsAccess: z.boolean(),
});

/** Creates a scope below another. */
@Injectable()
export class CreateScopeCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(createScopeInput, raw);
    const request = { operation: 'create-scope', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { name, ...rest } = input;
      const scope = { id: uuidv7(), ...rest };
      const { events, after } = accepted(planCreateScope(context, scope));
      await insertScope(tx, caller.tenantId, scope, name);
      return { id: scope.id, events, after };
    });
  }
}
