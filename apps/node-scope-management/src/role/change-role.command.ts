import { Injectable } from '@nestjs/common';
import { planChangeRole } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import {
  accepted,
  authorOf,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { roleInput } from './role-input.js';
import { findRole, isBuiltIn, updateRole } from './role.store.js';

const changeRoleInput = z.preprocess(
  withoutNulls,
  roleInput.partial().extend({ roleId: entityIdSchema, ...changeFields }),
);

/** Changes a role, and with it what everyone has who was assigned it. */
@Injectable()
export class ChangeRoleCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason, ...input } = parseInput(changeRoleInput, raw);
    const request = { operation: 'change-role', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { roleId, expectedVersion, name, description, ...changes } = input;
      const builtIn = await isBuiltIn(tx, roleId);
      const plan = planChangeRole(context, { roleId, builtIn, ...changes });
      const { events, after } = accepted(plan);
      await refuseOtherVersion(expectedVersion, () => findRole(tx, roleId));
      const role = after.role(roleId);
      if (role) await updateRole(tx, role, { name, description }, authorOf(context));
      return { id: roleId, events, after };
    });
  }
}

/** For this command null means the same as nothing. */
function withoutNulls(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
}
