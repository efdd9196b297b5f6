import { Injectable } from '@nestjs/common';
import { planRetireRole } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput, reasonSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';
import { isBuiltIn, retireRole } from './role.store.js';

const retireRoleInput = z.object({ roleId: entityIdSchema, reason: reasonSchema.nullish() });

/** Takes a role out of use, with its assignments and out of the roles that include it. */
@Injectable()
export class RetireRoleCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(retireRoleInput, raw);
    const request = { operation: 'retire-role', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { roleId } = input;
      const builtIn = await isBuiltIn(tx, roleId);
      const { events, after } = accepted(planRetireRole(context, { roleId, builtIn }));
      await deleteEndedRows(tx, events);
      await retireRole(tx, roleId);
      return { id: roleId, events, after };
    });
  }
}
