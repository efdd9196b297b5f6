import { Injectable } from '@nestjs/common';
import { planChangeInheritance } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findScope, updateScopeInheritance } from './scope.store.js';

const setScopeInheritanceInput = z.object({
  scopeId: entityIdSchema,
  inheritsAccess: z.boolean(),
  ...changeFields,
});

/** Cuts a scope off from the access that flows in from its parent, or joins it again. */
@Injectable()
export class SetScopeInheritanceCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(setScopeInheritanceInput, raw);
    const request = { operation: 'set-scope-inheritance', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planChangeInheritance(context, input));
      await refuseOtherVersion(input.expectedVersion, () => findScope(tx, input.scopeId));
      await updateScopeInheritance(tx, input.scopeId, input.inheritsAccess);
      return { id: input.scopeId, events, after };
    });
  }
}
