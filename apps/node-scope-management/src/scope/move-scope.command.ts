import { Injectable } from '@nestjs/common';
import { planMoveScope } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findScope, updateScopeParent } from './scope.store.js';

const moveScopeInput = z.object({
  scopeId: entityIdSchema,
  parentId: entityIdSchema,
  ...changeFields,
});

/** Moves a scope, with everything below it, under another parent. */
@Injectable()
export class MoveScopeCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(moveScopeInput, raw);
    const request = { operation: 'move-scope', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planMoveScope(context, input));
      await refuseOtherVersion(input.expectedVersion, () => findScope(tx, input.scopeId));
      await updateScopeParent(tx, [input.scopeId], input.parentId);
      return { id: input.scopeId, events, after };
    });
  }
}
