import { askedPermissions } from './asked-permissions.js';
import type { RoleFact } from './facts.js';
import type { Names } from './tables/names.js';

/** Ids of the roles that hold a permission, by themselves or through what they include. */
export interface RolesHolding {
  /** Those that hold all that is asked for. */
  readonly whole: ReadonlySet<number>;
  /** Those that hold any of it. */
  readonly part: ReadonlySet<number>;
}

/** The roles of a tenant. Immutable; few next to everything else, so a change copies the map. */
export class Roles {
  readonly #names: Names;
  readonly #byId: ReadonlyMap<number, RoleFact>;
  /** What they take, about: roles are objects, whose size nobody knows. */
  readonly bytes: number;
  readonly #permissions = new Map<number, ReadonlySet<string>>();
  readonly #holding = new Map<string, RolesHolding>();

  private constructor(names: Names, byId: ReadonlyMap<number, RoleFact>) {
    this.#names = names;
    this.#byId = byId;
    this.bytes = [...byId.values()].reduce((sum, role) => sum + bytesOfRole(role), 0);
  }

  static of(names: Names, roles: readonly RoleFact[]): Roles {
    return new Roles(names, new Map(roles.map((role) => [names.intern(role.id), role])));
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

  holding(permission: string): RolesHolding {
    const known = this.#holding.get(permission);
    if (known !== undefined) return known;
    const asked = askedPermissions(permission);
    const whole = new Set<number>();
    const part = new Set<number>();
    for (const id of this.#byId.keys()) {
      const permissions = this.permissionsOf(id);
      if (asked.containedIn(permissions)) whole.add(id);
      if (asked.touchedBy(permissions)) part.add(id);
    }
    const holding = { whole, part };
    // Callers may ask for any number of permissions that no role knows.
    if (this.#holding.size === MAX_REMEMBERED) this.#holding.clear();
    this.#holding.set(permission, holding);
    return holding;
  }
}

function bytesOfRole({ permissions, includes, assignableOn }: RoleFact): number {
  return ROLE_BYTES + LISTED_BYTES * (permissions.length + includes.length + assignableOn.length);
}

const ROLE_BYTES = 400;
const LISTED_BYTES = 150;
const MAX_REMEMBERED = 1024;
