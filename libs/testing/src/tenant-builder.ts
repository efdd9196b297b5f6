import {
  buildSnapshot,
  EVERYONE,
  resourceOfKey,
  type GranteeKind,
  type MembershipFact,
  type PrincipalFact,
  type ResourceFact,
  type RoleAssignmentFact,
  type RoleFact,
  type ScopeFact,
  type Snapshot,
  type TenantFact,
  type TenantFacts,
} from '@bastion/policy';

/** A tenant as it is created: active, and denying what it cannot be sure of. */
export const ACTIVE_TENANT: TenantFact = { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 };

/**
 * Readable facts of one tenant, which is active and has the scope `root`:
 *
 * ```ts
 * tenantFacts()
 *   .user('alice')
 *   .group('eng')
 *   .member('eng', 'alice')
 *   .scope('ws')
 *   .role('reader', ['document:read'])
 *   .assign('eng', 'reader', 'ws')
 *   .snapshot();
 * ```
 *
 * A name must be introduced before it is used, and once; anything else throws, so that a typing
 * error never becomes a test that passes. `everyone` is the built-in group and is there at once, for
 * assignments.
 */
export function tenantFacts(): TenantBuilder {
  return new TenantBuilder();
}

export type ScopeOptions = Partial<Omit<ScopeFact, 'id'>>;
export type RoleOptions = Partial<Omit<RoleFact, 'id' | 'permissions'>>;
/** `id`: `a1`, `a2`, … unless given. */
export type AssignmentOptions = Partial<
  Pick<RoleAssignmentFact, 'id' | 'reach' | 'source' | 'validFrom' | 'validUntil' | 'condition'>
>;

export class TenantBuilder {
  #tenant = ACTIVE_TENANT;
  readonly #kinds = new Map<string, GranteeKind>();
  readonly #principals: PrincipalFact[] = [];
  readonly #memberships: MembershipFact[] = [];
  readonly #scopes = new Map<string, ScopeFact>();
  readonly #resources = new Map<string, ResourceFact>();
  readonly #roles = new Map<string, RoleFact>();
  readonly #assignments = new Map<string, RoleAssignmentFact>();

  constructor() {
    this.scope('root', { parentId: null, type: 'tenant' });
  }

  suspended(): this {
    this.#tenant = { ...this.#tenant, status: 'SUSPENDED' };
    return this;
  }

  /** Lets stale facts be served for so long. */
  servingStale(maxStaleMs: number): this {
    this.#tenant = { ...this.#tenant, staleMode: 'SERVE', maxStaleMs };
    return this;
  }

  /** ACTIVE; its subject is `subject-ID`. */
  user(id: string, options: Partial<Pick<PrincipalFact, 'status' | 'subject'>> = {}): this {
    return this.#principal({ id, kind: 'USER', ...options });
  }

  serviceAccount(
    id: string,
    options: Partial<Pick<PrincipalFact, 'status' | 'subject'>> = {},
  ): this {
    return this.#principal({ id, kind: 'SERVICE_ACCOUNT', ...options });
  }

  group(id: string): this {
    this.#introduce(this.#kinds, id, 'GROUP');
    return this;
  }

  member(groupId: string, memberId: string, source = 'manual'): this {
    this.#grantee(groupId);
    this.#memberships.push({ groupId, memberKind: this.#grantee(memberId), memberId, source });
    return this;
  }

  /** A `folder` under `root` that inherits access. */
  scope(id: string, options: ScopeOptions = {}): this {
    const scope: ScopeFact = {
      id,
      parentId: 'root',
      type: 'folder',
      inheritsAccess: true,
      ...options,
    };
    if (scope.parentId !== null) known(this.#scopes, scope.parentId);
    this.#introduce(this.#scopes, id, scope);
    return this;
  }

  /** By its key, such as `document:42`. */
  resource(key: string, scopeId = 'root'): this {
    const reference = resourceOfKey(key);
    if (reference === undefined) throw new Error(`${key} names no resource`);
    known(this.#scopes, scopeId);
    this.#introduce(this.#resources, key, { ...reference, scopeId });
    return this;
  }

  role(id: string, permissions: readonly string[], options: RoleOptions = {}): this {
    options.includes?.forEach((included) => known(this.#roles, included));
    this.#introduce(this.#roles, id, {
      id,
      permissions,
      includes: [],
      assignableOn: [],
      privileged: false,
      piercing: false,
      ...options,
    });
    return this;
  }

  /** An ALLOW with reach SUBTREE, valid for ever; on a scope, or on a resource by its key. */
  assign(
    granteeId: string,
    roleId: string,
    scopeId = 'root',
    options: AssignmentOptions = {},
  ): this {
    return this.#assignment(granteeId, roleId, scopeId, 'ALLOW', options);
  }

  /** A DENY with reach SUBTREE, valid for ever. */
  deny(granteeId: string, roleId: string, scopeId = 'root', options: AssignmentOptions = {}): this {
    return this.#assignment(granteeId, roleId, scopeId, 'DENY', options);
  }

  facts(): TenantFacts {
    const groups = [...this.#kinds].filter(([, kind]) => kind === 'GROUP').map(([id]) => ({ id }));
    return {
      tenant: this.#tenant,
      principals: [...this.#principals],
      groups,
      memberships: [...this.#memberships],
      scopes: [...this.#scopes.values()],
      resources: [...this.#resources.values()],
      roles: [...this.#roles.values()],
      assignments: [...this.#assignments.values()],
    };
  }

  snapshot(): Snapshot {
    return buildSnapshot(this.facts());
  }

  #principal(given: Pick<PrincipalFact, 'id' | 'kind'> & Partial<PrincipalFact>): this {
    this.#introduce(this.#kinds, given.id, given.kind);
    this.#principals.push({ status: 'ACTIVE', subject: `subject-${given.id}`, ...given });
    return this;
  }

  #assignment(
    granteeId: string,
    roleId: string,
    scopeId: string,
    effect: RoleAssignmentFact['effect'],
    options: AssignmentOptions,
  ): this {
    known(this.#roles, roleId);
    if (!this.#resources.has(scopeId)) known(this.#scopes, scopeId);
    const id = options.id ?? `a${this.#assignments.size + 1}`;
    const isEveryone = granteeId === 'everyone';
    this.#introduce(this.#assignments, id, {
      granteeKind: isEveryone ? 'GROUP' : this.#grantee(granteeId),
      granteeId: isEveryone ? EVERYONE : granteeId,
      roleId,
      scopeId,
      reach: 'SUBTREE',
      effect,
      source: 'manual',
      validFrom: null,
      validUntil: null,
      condition: null,
      ...options,
      id,
    });
    return this;
  }

  #grantee(id: string): GranteeKind {
    return known(this.#kinds, id);
  }

  #introduce<T>(map: Map<string, T>, id: string, value: T): void {
    if (id === 'everyone') throw new Error('everyone is the built-in group');
    if (map.has(id)) throw new Error(`${id} is there already`);
    map.set(id, value);
  }
}

function known<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`nothing is called ${id}`);
  return value;
}
