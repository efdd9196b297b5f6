import type { PolicyRow } from '@bastion/policy';

/** Casbin's RBAC with domains (https://casbin.org/docs/rbac-with-domains), as its examples have it. */
export const RBAC_WITH_DOMAINS = `
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
`;

export type Request = readonly [sub: string, dom: string, obj: string, act: string];

/**
 * A matrix of as many rules, shaped as in Casbin's own benchmarks: one rule in eleven gives a role
 * its permission, the others give a user a role; a hundred roles to a domain. Everything in it
 * follows from its size and the number of a row, so it need not be kept.
 */
export class Matrix {
  readonly users: number;
  readonly roles: number;
  readonly domains: number;

  constructor(readonly rules: number) {
    this.roles = Math.max(1, Math.round(rules / 11));
    this.users = rules - this.roles;
    this.domains = Math.ceil(this.roles / 100);
  }

  rows(): PolicyRow[] {
    const permissions = Array.from({ length: this.roles }, (_, role) => this.permission(role));
    const links = Array.from({ length: this.users }, (_, user) => this.link(user));
    return [...permissions, ...links];
  }

  permission(role: number): PolicyRow {
    return ['p', `role:${role}`, ...this.#asked(role)];
  }

  link(user: number, role = this.#roleOf(user)): PolicyRow {
    return ['g', `user:${user}`, `role:${role}`, this.#domain(role)];
  }

  /** Half of them are allowed. Their strings are new: no table has seen these very objects. */
  requests(count: number, random: Random): Request[] {
    return Array.from({ length: count }, () => {
      const user = random(this.users);
      const role = this.#roleOf(user);
      // A miss asks for what another role of the same domain may.
      const neighbour = random(2) === 0 ? role : role + this.domains * (1 + random(98));
      const asked = neighbour < this.roles ? neighbour : role % this.domains;
      return fresh([`user:${user}`, ...this.#asked(asked)]);
    });
  }

  #roleOf(user: number): number {
    return (Math.imul(user, 0x9e3779b1) >>> 0) % this.roles;
  }

  #asked(role: number): [dom: string, obj: string, act: string] {
    return [this.#domain(role), `document:${role}`, role % 2 === 0 ? 'read' : 'write'];
  }

  #domain(role: number): string {
    return `tenant:${role % this.domains}`;
  }
}

/** The same texts in new strings. */
export function fresh(texts: readonly string[]): Request {
  return texts.map(flat) as unknown as Request;
}

/** The same text in a new string, flat as those that come from the network. */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** A number from 0 to below the limit. */
export type Random = (limit: number) => number;

/** Repeatable: the same seed, the same numbers (xorshift32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
