import type { PolicyRow } from '@bastion/policy';

/**
 * RBAC with domains in nested hash maps, as anyone would write it by hand for this one model: what
 * the compiled policy is measured against.
 */
export class HashMapFloor {
  /** domain → member → roles. */
  readonly #roles = new Map<string, Map<string, string[]>>();
  /** domain → role → object → actions. */
  readonly #permissions = new Map<string, Map<string, Map<string, Set<string>>>>();

  constructor(rows: Iterable<PolicyRow>) {
    for (const [type, ...fields] of rows) {
      if (type === 'g') {
        const [member, role, domain] = fields as [string, string, string];
        const members = getOrPut(this.#roles, domain, () => new Map<string, string[]>());
        getOrPut(members, member, (): string[] => []).push(role);
      } else {
        const [role, domain, object, action] = fields as [string, string, string, string];
        const roles = getOrPut(this.#permissions, domain, () => new Map<string, never>());
        const objects = getOrPut(roles, role, () => new Map<string, Set<string>>());
        getOrPut(objects, object, () => new Set<string>()).add(action);
      }
    }
  }

  enforce(sub: string, dom: string, obj: string, act: string): boolean {
    const permissions = this.#permissions.get(dom);
    if (permissions === undefined) return false;
    if (permissions.get(sub)?.get(obj)?.has(act) === true) return true;
    const members = this.#roles.get(dom);
    const direct = members?.get(sub);
    if (members === undefined || direct === undefined) return false;
    // One role that has none itself is the common case, and needs no list of what was seen.
    if (direct.length === 1) {
      const [role] = direct;
      if (permissions.get(role!)?.get(obj)?.has(act) === true) return true;
      if (!members.has(role!)) return false;
    }
    const reached = new Set(direct);
    for (const role of reached) {
      if (permissions.get(role)?.get(obj)?.has(act) === true) return true;
      members.get(role)?.forEach((next) => reached.add(next));
    }
    return false;
  }
}

function getOrPut<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const value = make();
  map.set(key, value);
  return value;
}
