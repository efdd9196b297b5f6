import { Injectable } from '@nestjs/common';
import type { Snapshot } from '@bastion/policy';
import { type Caller, entityIdSchema, lineOfText, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { refuseIf, TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { scopeTypeSchema } from '../input/index.js';
import type { Scope, ScopeOrderField } from './scope.model.js';
import { findScope, listScopes } from './scope.store.js';

const filterInput = z.object({
  parentId: entityIdSchema.nullish(),
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

  /**
   * Every scope that the caller may read and no other, since a scope may be shut to somebody who
   * reads all around it: to find one's own workspace takes no right on the root.
   */
  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<ScopeOrderField>,
  ): Promise<Page<Scope>> {
    const { parentId, ...filter } = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, null, async (tx, { snapshot, refusal }) => {
      const candidates = parentId ? snapshot.childrenOf(parentId) : allScopes(snapshot);
      const readable = candidates
        .map(({ id }) => id)
        .filter((scopeId) => !refusal({ permission: PERMISSION, scopeId }));
      // Who reads all there is needs no list of it.
      const ids = !parentId && readable.length === candidates.length ? null : readable;
      return listScopes(tx, { ids, ...filter }, page);
    });
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<Scope | null> {
    return this.reader.readBack(caller, (tx) => findScope(tx, id));
  }
}

function allScopes(snapshot: Snapshot) {
  const root = snapshot.rootScope();
  const scopes = root ? [root] : [];
  // The list grows while it is walked.
  for (const scope of scopes) scopes.push(...snapshot.childrenOf(scope.id));
  return scopes;
}
