import { Injectable } from '@nestjs/common';
import { authorizeAtRoot, planChangeRole } from '@bastion/access';
import { ApiError, type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { refuseIf } from '../facts/index.js';
import { changeFields } from '../input/index.js';
import {
  accepted,
  authorOf,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { findRole, isBuiltIn, updateRole } from './role.store.js';
import { findRoleVersion } from './role-version.store.js';

const restoreRoleVersionInput = z.object({
  roleId: entityIdSchema,
  version: z.number().int().positive(),
  ...changeFields,
});

/** Makes a role what it was in an earlier version: a change like any other, held to the same rules. */
@Injectable()
export class RestoreRoleVersionCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason, ...input } = parseInput(restoreRoleVersionInput, raw);
    const request = { operation: 'restore-role-version', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { roleId, version, expectedVersion } = input;
      refuseIf(authorizeAtRoot(context, 'role:write'));
      const earlier = await findRoleVersion(tx, roleId, version);
      if (!earlier) throw new ApiError('NOT_FOUND', 'The role has had no such version.');
      const { permissions, includes, assignableOn, privileged, piercing } = earlier;
      const content = { permissions, includes, assignableOn, privileged, piercing };
      const builtIn = await isBuiltIn(tx, roleId);
      const { events, after } = accepted(planChangeRole(context, { roleId, builtIn, ...content }));
      await refuseOtherVersion(expectedVersion, () => findRole(tx, roleId));
      const role = after.role(roleId);
      if (role) await updateRole(tx, role, earlier, authorOf(context));
      return { id: roleId, events, after };
    });
  }
}
