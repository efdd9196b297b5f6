import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, lineOfText, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { Role, RoleOrderField } from './role.model.js';
import { findRole, listRoles } from './role.store.js';

const filterInput = z.object({
  search: lineOfText(200).nullish(),
  builtIn: z.boolean().nullish(),
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
    return this.reader.read(caller, NEED, (tx) => listRoles(tx, filter, page));
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<Role | null> {
    return this.reader.readBack(caller, (tx) => findRole(tx, id));
  }
}
