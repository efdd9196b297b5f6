import { Injectable } from '@nestjs/common';
import type { RoleAssignmentFact } from '@bastion/policy';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { refuseIf, TenantReader } from '../facts/index.js';
import { builtInRoleIds } from '../role/index.js';
import { readableScopes, type Scope, scopesBelow, ScopeTreeQuery } from '../scope/index.js';
import { ACCESS_TYPES, ROLE_OF_ACCESS } from './access-roles.js';
import type {
  DeletedFolder,
  PaginatedScopes,
  PlainScope,
  ScopeAccess,
} from './known-scopes.model.js';
import { idInput, sliceInput, textInput } from './where.js';
import { sliceScopes } from './known-scopes.store.js';

const whereInput = z.object({
  id: idInput.nullish(),
  name: textInput,
  parentId: idInput.nullish(),
  externalId: textInput,
});

@Injectable()
export class KnownScopesQuery {
  constructor(
    private readonly reader: TenantReader,
    private readonly tree: ScopeTreeQuery,
  ) {}

  slice(caller: Caller, rawWhere: unknown, rawSlice: unknown): Promise<PaginatedScopes> {
    const slice = parseInput(sliceInput, rawSlice);
    const { id, parentId: parent, ...texts } = parseInput(whereInput, rawWhere ?? {});
    return this.reader.read(caller, null, async (tx, context) => {
      const rootId = context.snapshot.rootScope()?.id;
      const parentId = parent === null ? rootId : parent?.equals;
      const ids = readableScopes(context, { parentId });
      const match = { ...texts, ids, id: id?.equals };
      const { totalCount, nodes } = await sliceScopes(tx, match, slice);
      return { totalCount, nodes: nodes.map((scope) => plainScope(scope, rootId)) };
    });
  }

  /** Scopes that the caller has been shown, without the root. */
  plain(caller: Caller, scopes: readonly (Scope | null)[]): Promise<PlainScope[]> {
    return this.reader.read(caller, null, (_tx, { snapshot }) => {
      const rootId = snapshot.rootScope()?.id;
      return Promise.resolve(scopes.flatMap((scope) => (scope ? plainScope(scope, rootId) : [])));
    });
  }

  /** Who has a role of {@link ACCESS_TYPES} on each of these scopes itself, always and whatever is asked. */
  accesses(caller: Caller, ids: readonly string[]): Promise<Map<string, ScopeAccess[]>> {
    return this.reader.read(caller, null, async (tx, { snapshot, refusal }) => {
      for (const scopeId of ids) refuseIf(refusal({ permission: 'assignment:read', scopeId }));
      const roleIds = await builtInRoleIds(tx);
      const typeOf = new Map(
        ACCESS_TYPES.map((type) => [roleIds.get(ROLE_OF_ACCESS[type]) ?? '', type]),
      );
      const accessesOn = (scopeId: string): ScopeAccess[] => {
        const accesses = new Map<string, ScopeAccess>();
        for (const assignment of snapshot.assignmentsOn(scopeId).filter(isPlain)) {
          const { granteeKind: entityType, granteeId: entityId, roleId } = assignment;
          const type = typeOf.get(roleId);
          if (type && entityType !== 'SERVICE_ACCOUNT') {
            accesses.set(`${entityId} ${type}`, { entityId, entityType, type });
          }
        }
        return [...accesses.values()];
      };
      return new Map(ids.map((id) => [id, accessesOn(id)]));
    });
  }

  /** What goes with a scope, itself first, for whoever may delete it. */
  async folders(caller: Caller, rawId: unknown): Promise<DeletedFolder[]> {
    const scopeId = parseInput(entityIdSchema, rawId);
    const need = { permission: 'scope:write', scopeId } as const;
    const ids = await this.reader.read(caller, need, (_tx, { snapshot }) =>
      Promise.resolve([scopeId, ...scopesBelow(snapshot, scopeId).map(({ id }) => id)]),
    );
    const ways = await this.tree.ways(caller, ids);
    return ids.map((id) => {
      const path = ways.get(id)?.path ?? '';
      return { id, path, name: ways.get(id)?.name ?? '' };
    });
  }
}

function plainScope({ id, name, parentId, externalId }: Scope, rootId?: string): PlainScope {
  return { id, name, parentId: parentId === rootId ? null : parentId, externalId };
}

function isPlain({ effect, validFrom, validUntil, condition }: RoleAssignmentFact): boolean {
  return effect === 'ALLOW' && validFrom === null && validUntil === null && condition === null;
}
