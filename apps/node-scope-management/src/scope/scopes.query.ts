import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, lineOfText, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { refuseIf, TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { externalIdText, scopeTypeSchema } from '../input/index.js';
import { readableScopes } from './readable-scopes.js';
import type { Scope, ScopeOrderField } from './scope.model.js';
import { findScope, findScopes, listScopes } from './scope.store.js';
import { followPaths } from './scope-paths.store.js';
import { pathsSchema } from './scope-paths.js';

const filterInput = z.object({
  parentId: entityIdSchema.nullish(),
  underId: entityIdSchema.nullish(),
  externalId: externalIdText.nullish(),
  search: lineOfText(200).nullish(),
  type: scopeTypeSchema.nullish(),
});

const PERMISSION = 'scope:read';

@Injectable()
export class ScopesQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such scope in the caller's tenant. */
  one(caller: Caller, rawId: unknown): Promise<Scope | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, null, async (tx, { snapshot, refusal }) => {
      if (!snapshot.scope(id)) return null;
      refuseIf(refusal({ permission: PERMISSION, scopeId: id }));
      return findScope(tx, id);
    });
  }

  root(caller: Caller): Promise<Scope | null> {
    return this.reader.read(caller, { permission: PERMISSION }, async (tx, { snapshot }) => {
      const root = snapshot.rootScope();
      return root ? findScope(tx, root.id) : null;
    });
  }

  /** Every scope that the caller may read. */
  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<ScopeOrderField>,
  ): Promise<Page<Scope>> {
    const { parentId, underId, ...filter } = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, null, (tx, context) => {
      const ids = readableScopes(context, { parentId, underId });
      return listScopes(tx, { ids, ...filter }, page);
    });
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<Scope | null> {
    return this.reader.readBack(caller, (tx) => findScope(tx, id));
  }

  /** Where the paths lead along which the caller has just written, one for each. */
  writtenAlong(caller: Caller, rootId: string, rawPaths: unknown): Promise<(Scope | null)[]> {
    const paths = parseInput(pathsSchema, rawPaths);
    return this.reader.readBack(caller, async (tx) => {
      const found = await followPaths(tx, rootId, paths);
      const scopes = await findScopes(
        tx,
        found.flatMap((ids) => ids.at(-1) ?? []),
      );
      return paths.map(
        (names, index) => scopes.get(found[index]?.[names.length - 1] ?? '') ?? null,
      );
    });
  }
}
