import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { type HeldAssignment, listHoldings, listPermissions, placeOf } from '@bastion/policy';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import { resourceReferenceSchema } from '../input/index.js';
import { findServiceAccount } from '../service-account/index.js';
import { findUser } from '../user/index.js';
import type { GroupOnTheWay, Me, MyAssignment, MyGroup } from './me.model.js';
import { type Names, namesOfGroups, namesOfRoles, namesOfScopes } from './me.store.js';

const placeInput = z.object({
  scopeId: entityIdSchema.nullish(),
  resource: resourceReferenceSchema.nullish(),
});

/**
 * What anybody may know of themselves, which takes no permission: every query begins at the caller and
 * goes up from there, so it comes to nobody else.
 */
@Injectable()
export class MeQuery {
  constructor(private readonly reader: TenantReader) {}

  of(caller: Caller): Promise<Me> {
    return this.reader.read(caller, null, async (tx, { self }) => ({
      tenantId: caller.tenantId,
      user: self.kind === 'USER' ? await findUser(tx, self.id) : null,
      serviceAccount:
        self.kind === 'SERVICE_ACCOUNT' ? await findServiceAccount(tx, self.id) : null,
    }));
  }

  groups(caller: Caller, page: PageRequest): Promise<Page<MyGroup>> {
    return this.reader.read(caller, null, async (tx, { snapshot, self, time }) => {
      const { groups } = listHoldings(snapshot, self.id, time);
      const { after, take } = page;
      const rows = groups.filter(({ groupId }) => !after || groupId > after.id).slice(0, take + 1);
      const names = await namesOfGroups(tx, new Set(rows.flatMap(({ way }) => way)));
      const nodes = rows.map(({ groupId, way }) => ({
        id: groupId,
        name: nameIn(names, groupId),
        description: names.get(groupId)?.description ?? '',
        way: named(names, way),
      }));
      return toPage(nodes, groups.length, page);
    });
  }

  assignments(caller: Caller): Promise<MyAssignment[]> {
    return this.reader.read(caller, null, async (tx, { snapshot, self, time }) => {
      const { assignments } = listHoldings(snapshot, self.id, time);
      const idsOf = (of: (held: HeldAssignment) => readonly string[]) =>
        new Set(assignments.flatMap(of));
      const groups = await namesOfGroups(
        tx,
        idsOf(({ way }) => way),
      );
      const roles = await namesOfRoles(
        tx,
        idsOf(({ assignment }) => [assignment.roleId]),
      );
      const scopeIds = idsOf(({ assignment }) => {
        const { scopeId } = placeOf(assignment.scopeId);
        return scopeId === undefined ? [] : [scopeId];
      });
      const scopes = await namesOfScopes(tx, scopeIds);
      return assignments.map(({ assignment, isValid, way }) => {
        const { id, roleId, reach, effect, condition } = assignment;
        const { scopeId = null, resource = null } = placeOf(assignment.scopeId);
        return {
          ...{ id, roleId, scopeId, resource, reach, effect, condition, isValid },
          roleName: nameIn(roles, roleId),
          scopeName: scopeId === null ? null : nameIn(scopes, scopeId),
          validFrom: instant(assignment.validFrom),
          validUntil: instant(assignment.validUntil),
          way: named(groups, way),
        };
      });
    });
  }

  /** Alike for a place that does not exist and one where the caller may do nothing. No place: the root. */
  permissions(caller: Caller, raw: unknown): Promise<readonly string[]> {
    const { scopeId, resource } = parseInput(placeInput, raw);
    return this.reader.read(caller, null, (_tx, { snapshot, self, time }) => {
      const scope = scopeId ?? (resource ? undefined : snapshot.rootScope()?.id);
      const place = { scopeId: scope, resource: resource ?? undefined };
      return Promise.resolve(listPermissions(snapshot, { principalId: self.id, time, ...place }));
    });
  }
}

function named(names: Names, ids: readonly string[]): GroupOnTheWay[] {
  return ids.map((id) => ({ id, name: nameIn(names, id) }));
}

function nameIn(names: Names, id: string): string {
  const found = names.get(id);
  if (!found) throw new Error(`${id} has no row`);
  return found.name;
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
