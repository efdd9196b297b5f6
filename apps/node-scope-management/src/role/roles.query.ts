import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, lineOfText, parseInput } from '@bastion/platform';
import { privilegedRoleIds } from '@bastion/policy';
import { z } from 'zod';
import { unknownPermissions } from '../catalogue/index.js';
import { TenantReader } from '../facts/index.js';
import { type BackgroundJob, findJobAbout } from '../job/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { Role, RoleOrderField, RoleVersion } from './role.model.js';
import { findRole, listRoles } from './role.store.js';
import { listRoleVersions } from './role-version.store.js';

const filterInput = z.object({
  search: lineOfText(200).nullish(),
  builtIn: z.boolean().nullish(),
  privileged: z.boolean().nullish(),
});

const NEED = { permission: 'role:read' } as const;

@Injectable()
export class RolesQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such role in the caller's tenant, or no longer. */
  one(caller: Caller, rawId: unknown): Promise<Role | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, NEED, (tx) => findRole(tx, id));
  }

  list(caller: Caller, rawFilter: unknown, page: PageRequest<RoleOrderField>): Promise<Page<Role>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, NEED, (tx, { snapshot }) =>
      listRoles(tx, filter, privilegedRoleIds(snapshot), page),
    );
  }

  /** The same page of the earlier versions of each of these roles, the latest first. */
  versions(
    caller: Caller,
    roleIds: readonly string[],
    page: PageRequest,
  ): Promise<Map<string, Page<RoleVersion>>> {
    return this.reader.read(caller, NEED, (tx) => listRoleVersions(tx, roleIds, page));
  }

  /** Of each role that the caller has been answered, what the catalogue does not know. */
  unknownPermissions(caller: Caller, roleIds: readonly string[]): Promise<Map<string, string[]>> {
    return this.reader.readBack(caller, (tx) => unknownPermissions(tx, roleIds));
  }

  /** What ends the assignments of a role that the caller has just retired; null: they have ended. */
  retirement(caller: Caller, roleId: string): Promise<BackgroundJob | null> {
    return this.reader.readBack(caller, (tx) => findJobAbout(tx, 'ROLE_RETIREMENT', roleId));
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<Role | null> {
    return this.reader.readBack(caller, (tx) => findRole(tx, id));
  }
}
