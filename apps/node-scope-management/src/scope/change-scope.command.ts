import { Injectable } from '@nestjs/common';
import { planChangeScope, planInTurn, planMoveScope } from '@bastion/access';
import { type Caller, entityIdSchema, nameSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields, externalIdText } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { findScope, updateScope } from './scope.store.js';

/** Null leaves a name or a parent as it is, and takes an external id away. */
const changeScopeInput = z.object({
  scopeId: entityIdSchema,
  name: nameSchema.nullish(),
  externalId: externalIdText.nullish(),
  parentId: entityIdSchema.nullish(),
  ...changeFields,
});

/** Changes what a scope is called, and where it lies if a parent is given. */
@Injectable()
export class ChangeScopeCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(changeScopeInput, raw);
    const request = { operation: 'change-scope', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { scopeId, expectedVersion, externalId } = input;
      const [name, parentId] = [input.name ?? undefined, input.parentId ?? undefined];
      const moves = parentId === undefined ? [] : [{ scopeId, parentId }];
      const changed = accepted(planChangeScope(context, { scopeId }));
      const { events, after } = accepted(
        planInTurn({ ...context, before: changed.after }, moves, planMoveScope),
      );
      await refuseOtherVersion(expectedVersion, () => findScope(tx, scopeId));
      await updateScope(tx, scopeId, { name, externalId, parentId });
      return { id: scopeId, events, after };
    });
  }
}
