import type {
  AccessEvent,
  DecisionRequest,
  MembershipFact,
  RoleAssignmentFact,
  TenantFacts,
} from '@bastion/policy';
import { flat, type Random } from './matrix.js';

const PERMISSIONS = ['document:read', 'document:write', 'space:manage'] as const;
/** Children of a scope. */
const WIDTH = 8;
const TIME = { earliest: 1_700_000_000_000, latest: 1_700_000_000_050 };

/**
 * A tenant of as many rules, shaped as the Casbin matrix: one in eleven gives a group a role on a
 * scope, the others put a user into a group. Everything in it follows from its size and the number
 * of a row.
 */
export class LargeTenant {
  readonly groups: number;
  readonly users: number;
  readonly scopes: number;

  constructor(readonly rules: number) {
    this.groups = Math.max(1, Math.round(rules / 11));
    this.users = rules - this.groups;
    this.scopes = Math.max(1, Math.round(this.groups / 2));
  }

  facts(): TenantFacts {
    const each = <Fact>(count: number, fact: (n: number) => Fact): Fact[] =>
      Array.from({ length: count }, (_, n) => fact(n));
    return {
      tenant: { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 },
      principals: each(this.users, (n) => ({
        ...{ id: `user:${n}`, kind: 'USER', status: 'ACTIVE', subject: `subject:${n}` },
      })),
      groups: each(this.groups, (n) => ({ id: `group:${n}` })),
      memberships: each(this.users, (n) => this.membership(n)),
      scopes: each(this.scopes, (n) => ({
        id: `scope-${n}`,
        parentId: n === 0 ? null : `scope-${this.#parentOf(n)}`,
        ...{ type: 'folder', inheritsAccess: true },
      })),
      resources: [],
      roles: PERMISSIONS.map((permission, n) => ({
        ...{ id: `role:${n}`, permissions: [permission], includes: [], assignableOn: [] },
        ...{ privileged: false, piercing: false },
      })),
      assignments: each(this.groups, (n) => this.assignment(n)),
    };
  }

  membership(user: number, group = this.#groupOf(user)): MembershipFact {
    return {
      ...{ groupId: `group:${group}`, memberKind: 'USER', memberId: `user:${user}` },
      source: 'manual',
    };
  }

  assignment(group: number): RoleAssignmentFact {
    return {
      id: `assignment:${group}`,
      ...{ granteeKind: 'GROUP', granteeId: `group:${group}` },
      roleId: `role:${this.#roleOf(group)}`,
      scopeId: `scope-${this.#scopeOf(group)}`,
      ...{ reach: 'SUBTREE', effect: 'ALLOW', source: 'manual' },
      ...{ validFrom: null, validUntil: null, condition: null },
    };
  }

  /** Half of them are allowed, two levels below what is assigned where there are such. */
  requests(count: number, random: Random): DecisionRequest[] {
    return Array.from({ length: count }, () => {
      const user = random(this.users);
      const group = this.#groupOf(user);
      // A miss asks where another group is assigned.
      const asked = random(2) === 0 ? group : random(this.groups);
      const assigned = this.#scopeOf(asked);
      const below = (assigned * WIDTH + 1) * WIDTH + 1;
      return copyOf({
        principalId: `user:${user}`,
        permission: PERMISSIONS[this.#roleOf(asked)]!,
        scopeId: `scope-${below < this.scopes ? below : assigned}`,
        time: TIME,
      });
    });
  }

  /** In turns: a new user, a member taken, a member given, a role given to a new group's scope. */
  change(random: Random, n: number): AccessEvent[] {
    const user = random(this.users);
    switch (n % 4) {
      case 0: {
        const id = `user:${this.users + n}`;
        const principal = { id, kind: 'USER', status: 'ACTIVE', subject: `subject:${id}` } as const;
        return [{ type: 'principal-created', principal }];
      }
      case 1:
        return [{ type: 'member-removed', membership: this.membership(user) }];
      case 2:
        return [{ type: 'member-added', membership: this.membership(user, random(this.groups)) }];
      default:
        return [{ type: 'role-assigned', assignment: this.assignment(this.groups + n) }];
    }
  }

  #groupOf(user: number): number {
    return (Math.imul(user, 0x9e3779b1) >>> 0) % this.groups;
  }

  #scopeOf(group: number): number {
    return (Math.imul(group, 0x85ebca6b) >>> 0) % this.scopes;
  }

  #roleOf(group: number): number {
    return group % PERMISSIONS.length;
  }

  #parentOf(scope: number): number {
    return Math.floor((scope - 1) / WIDTH);
  }
}

/** The same question in new strings. */
export function copyOf({
  principalId,
  permission,
  scopeId,
  time,
}: DecisionRequest): DecisionRequest {
  return {
    principalId: flat(principalId),
    permission: flat(permission),
    scopeId: flat(scopeId!),
    time,
  };
}
