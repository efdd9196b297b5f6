import { type FoundPath, keyOf } from './scope-paths.store.js';

/** What is missing along paths, and where it begins. */
export interface MissingScopes {
  /** The deepest scope of each path that is there. */
  readonly askedAt: readonly string[];
  /** Each after its parent, and once however many paths lead through it. */
  readonly scopes: readonly {
    readonly id: string;
    readonly parentId: string;
    readonly name: string;
    readonly type: string;
  }[];
}

/**
 * What is to be created so that all of these paths lead somewhere.
 *
 * @param found how far each leads already
 * @param types by level, from right below the root down; the last is that of all deeper ones too
 */
export function missingAlong(
  paths: readonly (readonly string[])[],
  found: readonly FoundPath[],
  rootId: string,
  types: readonly string[],
  newId: () => string,
): MissingScopes {
  const created = new Map<string, MissingScopes['scopes'][number]>();
  const askedAt = new Set<string>();
  paths.forEach((names, index) => {
    const there = found[index] ?? [];
    let parentId = there.at(-1) ?? rootId;
    askedAt.add(parentId);
    names.slice(there.length).forEach((name, below) => {
      const key = keyOf({ parentId, name });
      const level = there.length + below;
      const scope = created.get(key) ?? {
        id: newId(),
        parentId,
        name,
        type: types[level] ?? types.at(-1) ?? 'folder',
      };
      created.set(key, scope);
      parentId = scope.id;
    });
  });
  return { askedAt: [...askedAt], scopes: [...created.values()] };
}
