import { Injectable } from '@nestjs/common';
import { planRetireRole } from '@bastion/access';
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
import { findRole, isBuiltIn, retireRole } from './role.store.js';

const retireRoleInput = z.object({ roleId: entityIdSchema, ...changeFields });

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
      await refuseOtherVersion(input.expectedVersion, () => findRole(tx, roleId));
      await deleteEndedRows(tx, events);
      await retireRole(tx, roleId);
      return { id: roleId, events, after };
    });
  }
}
