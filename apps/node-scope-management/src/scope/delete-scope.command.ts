import { Injectable } from '@nestjs/common';
import { planDeleteScope } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import {
  accepted,
  deleteEndedRows,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { findScope } from './scope.store.js';

const deleteScopeInput = z.object({
  scopeId: entityIdSchema,
  recursive: z.boolean(),
  ...changeFields,
});

/** A hundred thousand scopes go in some ten seconds; other writers of the tenant are refused meanwhile. */
const TIMEOUT_MS = 60_000;

/** Deletes a scope with the assignments on it; with `recursive` also everything below it. */
@Injectable()
export class DeleteScopeCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(deleteScopeInput, raw);
    const request = { operation: 'delete-scope', input, reason, idempotencyKey };
    return this.writer.write(
      caller,
      request,
      async (tx, context) => {
        const { events, after } = accepted(planDeleteScope(context, input));
        await refuseOtherVersion(input.expectedVersion, () => findScope(tx, input.scopeId));
        await deleteEndedRows(tx, events);
        return { id: input.scopeId, events, after };
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }
}
