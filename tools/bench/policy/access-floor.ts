import type { DecisionRequest, TenantFacts } from '@bastion/policy';

/**
 * The access model in nested hash maps, as anyone would write it by hand: what `decide` is measured
 * against. It answers yes or no alone, and knows neither denies nor cuts nor validity.
 */
export class AccessFloor {
  readonly #active = new Set<string>();
  /** member → groups. */
  readonly #groups = new Map<string, string[]>();
  /** scope → parent. */
  readonly #parents = new Map<string, string | null>();
  /** grantee → scope → roles. */
  readonly #assigned = new Map<string, Map<string, string[]>>();
  readonly #permissions = new Map<string, ReadonlySet<string>>();

  constructor(facts: TenantFacts) {
    for (const { id, status } of facts.principals) if (status === 'ACTIVE') this.#active.add(id);
    for (const { memberId, groupId } of facts.memberships) {
      const groups = this.#groups.get(memberId);
      if (groups === undefined) this.#groups.set(memberId, [groupId]);
      else groups.push(groupId);
    }
    for (const { id, parentId } of facts.scopes) this.#parents.set(id, parentId);
    for (const { id, permissions } of facts.roles) this.#permissions.set(id, new Set(permissions));
    for (const { granteeId, scopeId, roleId } of facts.assignments) {
      let byScope = this.#assigned.get(granteeId);
      if (byScope === undefined) {
        byScope = new Map<string, string[]>();
        this.#assigned.set(granteeId, byScope);
      }
      const roles = byScope.get(scopeId);
      if (roles === undefined) byScope.set(scopeId, [roleId]);
      else roles.push(roleId);
    }
  }

  allows({ principalId, permission, scopeId }: DecisionRequest): boolean {
    if (scopeId === undefined || !this.#parents.has(scopeId)) return false;
    if (!this.#active.has(principalId)) return false;
    const holders = new Set([principalId]);
    for (const holder of holders) {
      const byScope = this.#assigned.get(holder);
      for (let at: string | null | undefined = scopeId; at != null; at = this.#parents.get(at)) {
        const roles = byScope?.get(at);
        if (roles?.some((role) => this.#permissions.get(role)!.has(permission))) return true;
      }
      this.#groups.get(holder)?.forEach((group) => holders.add(group));
    }
    return false;
  }
}
