import { Injectable } from '@nestjs/common';
import type { Caller } from '@bastion/platform';
import { type ReadContext, TenantReader } from '../facts/index.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import { mayRead, scopesAbove } from './readable-scopes.js';
import type { Scope } from './scope.model.js';
import { findScopes } from './scope.store.js';
import { writePath } from './scope-paths.js';

/** How one gets to a scope from the root. */
export interface ScopeWay {
  readonly name: string;
  readonly path: string;
  /** From the root down; only those that the caller may read. */
  readonly ancestors: Scope[];
}

const HIDDEN_NAME = '…';

/** What lies around scopes that the caller has been shown: of all in a list together. */
@Injectable()
export class ScopeTreeQuery {
  constructor(private readonly reader: TenantReader) {}

  ways(caller: Caller, ids: readonly string[]): Promise<Map<string, ScopeWay>> {
    return this.reader.read(caller, null, async (tx, context) => {
      const chains = new Map(
        ids.map((id) => [
          id,
          scopesAbove(context.snapshot, id)
            .map((above) => above.id)
            .reverse(),
        ]),
      );
      const readable = readableOf(context, [...chains.values()].flat());
      const scopes = await findScopes(tx, [...ids, ...readable]);
      return new Map([...chains].map(([id, above]) => [id, wayTo(id, above, readable, scopes)]));
    });
  }

  /** The same page of the children of each that the caller may read, in the order of creation. */
  children(
    caller: Caller,
    ids: readonly string[],
    page: PageRequest,
  ): Promise<Map<string, Page<Scope>>> {
    return this.reader.read(caller, null, async (tx, context) => {
      const { take, after } = page;
      const childrenOf = readableChildren(context, ids);
      const pageOf = new Map(
        [...childrenOf].map(([id, children]) => [
          id,
          children.filter((child) => !after || child > after.id).slice(0, take + 1),
        ]),
      );
      const scopes = await findScopes(tx, [...pageOf.values()].flat());
      return new Map(
        [...pageOf].map(([id, children]) => {
          const rows = children.flatMap((child) => scopes.get(child) ?? []);
          return [id, toPage(rows, childrenOf.get(id)?.length ?? 0, page)];
        }),
      );
    });
  }

  /** How many children of each the caller may read. */
  childCounts(caller: Caller, ids: readonly string[]): Promise<Map<string, number>> {
    return this.reader.read(caller, null, (_tx, context) => {
      const childrenOf = readableChildren(context, ids);
      return Promise.resolve(
        new Map([...childrenOf].map(([id, children]) => [id, children.length])),
      );
    });
  }
}

/** By the id of the parent, in the order of creation: ids are uuid v7. */
function readableChildren(context: ReadContext, ids: readonly string[]): Map<string, string[]> {
  return new Map(
    ids.map((id) => {
      const children = context.snapshot.childrenOf(id).map((child) => child.id);
      return [id, children.filter((child) => mayRead(context, child)).sort()];
    }),
  );
}

function readableOf(context: ReadContext, ids: readonly string[]): ReadonlySet<string> {
  return new Set([...new Set(ids)].filter((id) => mayRead(context, id)));
}

function wayTo(
  id: string,
  above: readonly string[],
  readable: ReadonlySet<string>,
  scopes: ReadonlyMap<string, Scope>,
): ScopeWay {
  const ancestors = above
    .filter((each) => readable.has(each))
    .flatMap((each) => scopes.get(each) ?? []);
  // The root has no name in a path, and none before it.
  const [, ...names] = [...above, id].map((each) =>
    each === id || readable.has(each) ? (scopes.get(each)?.name ?? HIDDEN_NAME) : HIDDEN_NAME,
  );
  return { name: scopes.get(id)?.name ?? HIDDEN_NAME, path: writePath(names), ancestors };
}
