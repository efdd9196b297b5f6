import { Injectable } from '@nestjs/common';
import {
  BUILT_IN_ROLE_KEYS,
  BUILT_IN_ROLES,
  type BuiltInRoleKey,
  planCreateTenant,
} from '@bastion/access';
import type { TenantFacts } from '@bastion/policy';
import { nameSchema, parseInput, subjectSchema, tenantIdSchema } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { insertAssignment } from '../assignment/index.js';
import type { TenantTransaction } from '../database/app-database.js';
import { insertRoles } from '../role/index.js';
import { insertScope } from '../scope/index.js';
import { insertUser, userProfileInput } from '../user/index.js';
import { type Receipt, TenantWriter } from '../write/index.js';
import { type Operator, PlatformGate } from './platform-gate.js';
import { insertTenant } from './tenant.store.js';

const createTenantInput = z.object({
  id: tenantIdSchema.nullish(),
  name: nameSchema,
  admin: userProfileInput.extend({ subject: subjectSchema }),
});

/** Creates a tenant with its root scope, its built-in roles and its first administrator. */
@Injectable()
export class CreateTenantCommand {
  constructor(
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** The receipt's `id` is the tenant's. Rejects with ApiError ALREADY_EXISTS. */
  async run(operator: Operator, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(createTenantInput, raw);
    const request = { operation: 'create-tenant', input, idempotencyKey };
    const writer = await this.platform.admit(operator, request, input.id ?? uuidv7(), 'NEW');
    return this.writer.create(writer, request, async (tx) => {
      const roleIds = newRoleIds();
      const { events, after } = planCreateTenant({
        rootScopeId: uuidv7(),
        admin: { id: uuidv7(), subject: input.admin.subject },
        adminAssignmentId: uuidv7(),
        roleIds,
      });
      await insertTenant(tx, writer.tenantId, input.name);
      await insertFacts(tx, writer.tenantId, after.facts(), roleIds, input);
      return { id: writer.tenantId, events, after };
    });
  }
}

type RoleIds = Record<BuiltInRoleKey, string>;

function newRoleIds(): RoleIds {
  return Object.fromEntries(BUILT_IN_ROLE_KEYS.map((key) => [key, uuidv7()])) as RoleIds;
}

/** Inserts the rows of a tenant's first facts, in the order the foreign keys ask for. */
async function insertFacts(
  tx: TenantTransaction,
  tenantId: string,
  { scopes, roles, principals, assignments }: TenantFacts,
  roleIds: RoleIds,
  { name, admin }: z.output<typeof createTenantInput>,
): Promise<void> {
  const newRoles = BUILT_IN_ROLE_KEYS.flatMap((key) => {
    const { name: roleName, description } = BUILT_IN_ROLES[key];
    const copies = roles.filter(({ id }) => id === roleIds[key]);
    return copies.map((fact) => ({ ...fact, builtIn: key, name: roleName, description }));
  });
  for (const scope of scopes) await insertScope(tx, tenantId, scope, name);
  await insertRoles(tx, tenantId, newRoles, null);
  for (const principal of principals) await insertUser(tx, tenantId, principal, admin);
  for (const assignment of assignments) {
    await insertAssignment(tx, tenantId, assignment, { reason: null, grantedBy: null });
  }
}
