import { coveringPatterns, isPermission, isWildcard } from './permission.js';

/** Ids of the roles that hold a permission, by themselves or through what they include. */
export interface RolesHolding {
  /** Those that hold all that is asked for. */
  readonly whole: ReadonlySet<number>;
  /** Those that hold any of it. */
  readonly part: ReadonlySet<number>;
}

/**
 * Which roles hold what is asked, worked out once for the permissions that roles name and the types
 * of them that are asked about. However many others callers ask for, it takes no more memory and no
 * longer.
 */
export class PermissionHolders {
  /** A permission or wildcard as roles write it → those roles. */
  readonly #byPattern = new Map<string, Set<number>>();
  /** A resource type → the roles that name any permission of it. */
  readonly #byType = new Map<string, Set<number>>();
  readonly #named = new Map<string, RolesHolding>();
  /** Who holds what no role names, by the wildcard that contains it. */
  readonly #unnamed = new Map<string, RolesHolding>();

  constructor(roles: Iterable<readonly [id: number, permissions: ReadonlySet<string>]>) {
    for (const [id, permissions] of roles) {
      for (const permission of permissions) {
        if (!isPermission(permission)) continue;
        addTo(this.#byPattern, permission, id);
        addTo(this.#byType, typeOf(permission), id);
      }
    }
  }

  of(permission: string): RolesHolding {
    const known = this.#named.get(permission);
    if (known !== undefined) return known;
    const type = typeOf(permission);
    if (isWildcard(permission)) {
      const touched = permission === '*' ? [...this.#byType.values()] : this.#byType.get(type);
      if (touched !== undefined) return this.#work(this.#named, permission, [touched].flat());
    } else if (this.#byPattern.has(permission)) {
      return this.#work(this.#named, permission);
    }
    return this.#work(this.#unnamed, this.#byPattern.has(`${type}:*`) ? `${type}:*` : '*');
  }

  /** A wildcard is contained in nothing less than itself: no finite list of permissions covers it. */
  #work(
    memo: Map<string, RolesHolding>,
    permission: string,
    touched: readonly ReadonlySet<number>[] = [],
  ): RolesHolding {
    let holding = memo.get(permission);
    if (holding === undefined) {
      const holders = coveringPatterns(permission).flatMap(
        (pattern) => this.#byPattern.get(pattern) ?? [],
      );
      const whole = union(holders);
      holding = { whole, part: union([whole, ...touched]) };
      // Many roles may hold what many permissions are: all of it at once would be their product.
      if (memo.size === MAX_REMEMBERED) memo.clear();
      memo.set(permission, holding);
    }
    return holding;
  }
}

export const MAX_REMEMBERED = 1024;

/** What stands before the colon; of `*`, nothing, which is no type. */
function typeOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}

function addTo(sets: Map<string, Set<number>>, key: string, id: number): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([id]));
  else set.add(id);
}

function union(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  return new Set(sets.flatMap((set) => [...set]));
}
