import { EVERYONE, type Snapshot } from '@bastion/policy';
import type { Random } from '../simulation/random.js';
import { GROUPS, idIn, ROLES, SCOPES, USERS } from './first-revision.js';
import type { Intent } from './intent.js';

/** What people of a small company do all day, mostly giving and taking away. */
export function arbitraryIntent(
  tenantId: string,
  facts: Snapshot,
  random: Random,
  /** Epoch milliseconds. */
  now: number,
  nextId: () => string,
): Intent {
  const own = (name: string): string => idIn(tenantId, name);
  const id = (names: readonly string[]): string => own(random.pick(names));
  const roll = random.next();
  if (facts.tenant.status === 'SUSPENDED') return { plan: 'planResumeTenant' };
  if (roll < 0.3) return assign();
  if (roll < 0.58) return unassign();
  if (roll < 0.72) return membership();
  if (roll < 0.8) return move();
  if (roll < 0.86) {
    const inheritsAccess = random.chance(0.5);
    return { plan: 'planChangeInheritance', input: { scopeId: id(SCOPES), inheritsAccess } };
  }
  if (roll < 0.9) {
    const status = random.chance(0.5) ? 'ACTIVE' : 'SUSPENDED';
    return { plan: 'planChangePrincipalStatus', input: { principalId: id(USERS), status } };
  }
  if (roll < 0.93) return changeRole();
  if (roll < 0.96) return createOrDeleteScope();
  if (roll < 0.99) return staleMode();
  return { plan: 'planSuspendTenant' };

  function assign(): Intent {
    const isGroup = random.chance(0.4);
    const isShort = random.chance(0.25);
    return {
      plan: 'planAssignRole',
      input: {
        id: nextId(),
        granteeKind: isGroup ? 'GROUP' : 'USER',
        granteeId: isGroup ? random.pick([...GROUPS.map(own), EVERYONE]) : id(USERS),
        roleId: id(ROLES.slice(1)),
        scopeId: id(SCOPES),
        reach: random.chance(0.7) ? 'SUBTREE' : 'SELF',
        effect: random.chance(0.85) ? 'ALLOW' : 'DENY',
        source: 'manual',
        validFrom: null,
        validUntil: isShort ? now + random.integer(1_000, 15_000) : null,
        condition: random.chance(0.1) ? 'principal.kind == "USER"' : null,
      },
    };
  }

  function unassign(): Intent {
    const grantees = [...[...USERS, ...GROUPS].map(own), EVERYONE];
    const assignments = grantees.flatMap((grantee) => facts.assignmentsOf(grantee));
    if (assignments.length === 0) return assign();
    return { plan: 'planUnassignRole', input: { assignmentId: random.pick(assignments).id } };
  }

  function membership(): Intent {
    const isNested = random.chance(0.2);
    const member = isNested
      ? ({ kind: 'GROUP', id: id(GROUPS) } as const)
      : ({ kind: 'USER', id: id(USERS) } as const);
    const input = { groupId: id(GROUPS), members: [member], source: 'manual' };
    return { plan: random.chance(0.5) ? 'planAddMembers' : 'planRemoveMembers', input };
  }

  function move(): Intent {
    return {
      plan: 'planMoveScope',
      input: { scopeId: id(SCOPES.slice(1)), parentId: id(SCOPES) },
    };
  }

  function changeRole(): Intent {
    const permissions = random.chance(0.5) ? ['document:read'] : ['document:read', 'audit:read'];
    const input = { roleId: id(['reader']), builtIn: false, permissions };
    return { plan: 'planChangeRole', input };
  }

  function createOrDeleteScope(): Intent {
    const leaves = facts
      .childrenOf(id(SCOPES))
      .filter((scope) => !SCOPES.some((name) => idIn(tenantId, name) === scope.id));
    const leaf = leaves[0];
    if (leaf && random.chance(0.5)) {
      return { plan: 'planDeleteScope', input: { scopeId: leaf.id, recursive: true } };
    }
    return {
      plan: 'planCreateScope',
      input: { id: nextId(), parentId: id(SCOPES), type: 'folder', inheritsAccess: true },
    };
  }

  function staleMode(): Intent {
    const input = random.chance(0.5)
      ? ({ staleMode: 'SERVE', maxStaleMs: random.integer(8_000, 20_000) } as const)
      : ({ staleMode: 'DENY', maxStaleMs: 0 } as const);
    return { plan: 'planSetStaleMode', input };
  }
}
