import { Injectable } from '@nestjs/common';
import {
  BUILT_IN_ROLE_KEYS,
  BUILT_IN_ROLES,
  type BuiltInRoleKey,
  planUpdateBuiltInRoles,
} from '@bastion/access';
import { parseInput, tenantIdSchema } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { builtInRoleIds, insertRoles, updateRole } from '../role/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { type Operator, PlatformGate } from './platform-gate.js';

const updateBuiltInRolesInput = z.object({ tenantId: tenantIdSchema });

export interface RolesUpdated extends Receipt {
  /** The keys of those whose content differed from what the code says, or that were not there. */
  readonly updated: readonly BuiltInRoleKey[];
}

/** Brings a tenant's copies of the built-in roles to what this version of the code says of them. */
@Injectable()
export class UpdateBuiltInRolesCommand {
  constructor(
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** The receipt's `id` is the tenant's. Rejects with ApiError ALREADY_EXISTS when a name is taken. */
  async run(operator: Operator, raw: unknown): Promise<RolesUpdated> {
    const input = parseInput(updateBuiltInRolesInput, raw);
    const request = { operation: 'update-built-in-roles', input };
    const writer = await this.platform.admit(operator, request, input.tenantId);
    let updated: readonly BuiltInRoleKey[] = [];
    const receipt = await this.writer.write(writer, request, async (tx, context) => {
      const held = await builtInRoleIds(tx);
      const roleIds = Object.fromEntries(
        BUILT_IN_ROLE_KEYS.map((key) => [key, held.get(key) ?? uuidv7()]),
      ) as Record<BuiltInRoleKey, string>;
      const { events, after } = accepted(planUpdateBuiltInRoles(context, roleIds));
      const changed = new Set(events.map((event) => ('role' in event ? event.role.id : undefined)));
      updated = BUILT_IN_ROLE_KEYS.filter((key) => changed.has(roleIds[key]));
      for (const key of BUILT_IN_ROLE_KEYS) {
        const fact = after.role(roleIds[key])!;
        const { name, description } = BUILT_IN_ROLES[key];
        const role = { ...fact, builtIn: key, name, description };
        if (held.has(key)) await updateRole(tx, fact, { name, description }, null);
        else await insertRoles(tx, writer.tenantId, [role], null);
      }
      return { id: writer.tenantId, events, after };
    });
    return { ...receipt, updated };
  }
}
