import type { TenantTransaction } from '../database/app-database.js';

/** A place in the tree by its parent and its name. */
interface Place {
  readonly parentId: string;
  readonly name: string;
}

/** How far a path leads: to the ids of the scopes along it, as far as there are any. */
export type FoundPath = readonly string[];

/** Follows the paths from a scope down, all together: one statement for each level. */
export async function followPaths(
  tx: TenantTransaction,
  rootId: string,
  paths: readonly (readonly string[])[],
): Promise<FoundPath[]> {
  const found = paths.map((): string[] => []);
  for (let level = 0; ; level += 1) {
    const open = paths.flatMap((names, index) => {
      const name = names[level];
      const parentId = level === 0 ? rootId : found[index]?.[level - 1];
      return name === undefined || parentId === undefined ? [] : [{ index, parentId, name }];
    });
    if (open.length === 0) return found;
    const idAt = await childrenAt(tx, open);
    for (const { index, ...place } of open) {
      const id = idAt.get(keyOf(place));
      if (id !== undefined) found[index]?.push(id);
    }
  }
}

/** A place as a key of a map; names have no U+0000. */
export function keyOf({ parentId, name }: Place): string {
  return `${parentId}\u0000${name}`;
}

async function childrenAt(
  tx: TenantTransaction,
  places: readonly Place[],
): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<(Place & { readonly id: string })[]>`
    SELECT DISTINCT scopes.id::text AS id, scopes.parent_id::text AS "parentId", scopes.name
    FROM scopes
    JOIN unnest(${places.map(({ parentId }) => parentId)}::uuid[],
                ${places.map(({ name }) => name)}::text[]) AS asked (parent_id, name)
      ON scopes.parent_id = asked.parent_id AND scopes.name = asked.name`;
  return new Map(rows.map(({ id, ...place }) => [keyOf(place), id]));
}
