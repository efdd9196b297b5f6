import type { RoleFact } from './facts.js';
import { PermissionHolders, type RolesHolding } from './permission-holders.js';
import type { Names } from './tables/names.js';

/** The roles of a tenant. Immutable; few next to everything else, so a change copies the map. */
export class Roles {
  readonly #names: Names;
  readonly #byId: ReadonlyMap<number, RoleFact>;
  readonly #permissions = new Map<number, ReadonlySet<string>>();
  #holders: PermissionHolders | undefined;
  #bytes: number | undefined;

  private constructor(names: Names, byId: ReadonlyMap<number, RoleFact>) {
    this.#names = names;
    this.#byId = byId;
  }

  static of(names: Names, roles: readonly RoleFact[]): Roles {
    return new Roles(names, new Map(roles.map((role) => [names.intern(role.id), role])));
  }

  /** What they take, about: roles are objects, whose size nobody knows. */
  get bytes(): number {
    return (this.#bytes ??= this.values().reduce((sum, role) => sum + bytesOfRole(role), 0));
  }

  get size(): number {
    return this.#byId.size;
  }

  with(role: RoleFact): Roles {
    return new Roles(this.#names, new Map(this.#byId).set(this.#names.intern(role.id), role));
  }

  without(id: string): Roles {
    const byId = new Map(this.#byId);
    byId.delete(this.#names.idOf(id));
    return new Roles(this.#names, byId);
  }

  get(id: number): RoleFact | undefined {
    return this.#byId.get(id);
  }

  values(): RoleFact[] {
    return [...this.#byId.values()];
  }

  /** The role and those it includes, through any depth, as far as they exist. */
  *within(id: number): Iterable<RoleFact> {
    const seen = new Set([id]);
    // A set's iteration meets what is added on the way; each role is added, so visited, once.
    for (const next of seen) {
      const role = this.#byId.get(next);
      if (role === undefined) continue;
      role.includes.forEach((included) => seen.add(this.#names.idOf(included)));
      yield role;
    }
  }

  /** Wildcards stand as written. Nothing for a role that does not exist. */
  permissionsOf(id: number): ReadonlySet<string> {
    const known = this.#permissions.get(id);
    if (known !== undefined) return known;
    const permissions = new Set<string>();
    for (const role of this.within(id)) {
      role.permissions.forEach((permission) => permissions.add(permission));
    }
    // Unknown ids are not remembered: callers may ask for any number of them.
    if (this.#byId.has(id)) this.#permissions.set(id, permissions);
    return permissions;
  }

  /** Which roles hold this permission, or part of it if it is a wildcard. */
  holding(permission: string): RolesHolding {
    this.#holders ??= new PermissionHolders(
      Array.from(this.#byId.keys(), (id) => [id, this.permissionsOf(id)] as const),
    );
    return this.#holders.of(permission);
  }
}

function bytesOfRole({ permissions, includes, assignableOn }: RoleFact): number {
  return ROLE_BYTES + LISTED_BYTES * (permissions.length + includes.length + assignableOn.length);
}

const ROLE_BYTES = 400;
const LISTED_BYTES = 150;
