import { Injectable } from '@nestjs/common';
import { planCreateRole } from '@bastion/access';
import { type Caller, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { accepted, authorOf, type Receipt, TenantWriter } from '../write/index.js';
import { roleInput } from './role-input.js';
import { insertRoles } from './role.store.js';

/** Creates a role of the tenant's own. */
@Injectable()
export class CreateRoleCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(roleInput, raw);
    const request = { operation: 'create-role', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const role = { id: uuidv7(), ...input, builtIn: null };
      const { events, after } = accepted(planCreateRole(context, role));
      await insertRoles(tx, caller.tenantId, [role], authorOf(context));
      return { id: role.id, events, after };
    });
  }
}
