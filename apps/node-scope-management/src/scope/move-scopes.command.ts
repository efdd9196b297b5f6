import { Injectable } from '@nestjs/common';
import { LIMITS, planInTurn, planMoveScope } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { updateScopeParent } from './scope.store.js';

const moveScopesInput = z.object({
  scopeIds: z.array(entityIdSchema).min(1).max(LIMITS.scopesPerCall),
  parentId: entityIdSchema,
});

/** Moves scopes, each with everything below it, under one parent: all of them or none. */
@Injectable()
export class MoveScopesCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(moveScopesInput, raw);
    const request = { operation: 'move-scopes', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { scopeIds, parentId } = input;
      const plan = planInTurn(context, scopeIds, (now, scopeId) =>
        planMoveScope(now, { scopeId, parentId }),
      );
      const { events, after } = accepted(plan);
      await updateScopeParent(tx, scopeIds, parentId);
      return { id: parentId, events, after };
    });
  }
}
