import {
  type Accepted,
  MANUAL,
  type Plan,
  planAddMembers,
  planAssignRole,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planCreateGroup,
  planCreateRole,
  planCreateScope,
  planCreateServiceAccount,
  planCreateUser,
  planInTurn,
  planRestore,
  planResumeTenant,
  planSetStaleMode,
  planUnassignRole,
  type RejectionCode,
  type WitnessedEnds,
  type WriteContext,
} from '@bastion/access';
import { assertUnreachable, canonicalJson } from '@bastion/platform';
import {
  applyEvents,
  type AccessEvent,
  type PrincipalFact,
  type Snapshot,
  type TenantFact,
} from '@bastion/policy';
import type { PendingGrant, RestoredFact } from './restored-grants.store.js';

/**
 * Gives again what a restore held back, by the rule that whoever gave it first was held to.
 *
 * @param builtInIds the roles that shipped in code, which are never changed
 */
export function planGive(
  context: WriteContext,
  fact: RestoredFact,
  builtInIds: ReadonlySet<string>,
): Plan {
  switch (fact.kind) {
    case 'tenant':
      return planGiveTenant(context, fact.tenant);
    case 'principal':
      return planGivePrincipal(context, fact.principal);
    case 'group':
      return planCreateGroup(context, fact.group);
    case 'scope': {
      const { id, parentId, inheritsAccess } = fact.scope;
      if (context.before.scope(id)) {
        return planChangeInheritance(context, { scopeId: id, inheritsAccess });
      }
      return planCreateScope(context, { ...fact.scope, parentId: parentId ?? '' });
    }
    case 'role': {
      const { id: roleId, ...content } = fact.role;
      if (!context.before.role(roleId)) return planCreateRole(context, fact.role);
      return planChangeRole(context, { roleId, builtIn: builtInIds.has(roleId), ...content });
    }
    case 'membership': {
      const { groupId, memberKind: kind, memberId: id, source } = fact.membership;
      const change = { groupId, members: [{ kind, id }], source };
      return planAddMembers(as(source, context), change);
    }
    case 'assignment':
      return planAssignRole(as(fact.assignment.source, context), fact.assignment);
    case 'deny': {
      const { id: assignmentId, source } = fact.assignment;
      return planUnassignRole(as(source, context), { assignmentId });
    }
    default:
      return assertUnreachable(fact);
  }
}

/** That it is active again, that it is served stale for longer, or both. */
function planGiveTenant(
  context: WriteContext,
  { status, staleMode, maxStaleMs }: TenantFact,
): Plan {
  const isStaleAlike = context.before.tenant.maxStaleMs === maxStaleMs;
  if (isStaleAlike) return planResumeTenant(context);
  const setStaleMode = (now: WriteContext) => planSetStaleMode(now, { staleMode, maxStaleMs });
  if (context.before.tenant.status === status) return setStaleMode(context);
  return planInTurn(context, [planResumeTenant, setStaleMode], (now, plan) => plan(now));
}

function planGivePrincipal(context: WriteContext, principal: PrincipalFact): Plan {
  const { id, kind, subject, status } = principal;
  const toStatus = { principalId: id, status };
  if (context.before.principal(id)) return planChangePrincipalStatus(context, toStatus);
  const create = (now: WriteContext): Plan =>
    kind === 'SERVICE_ACCOUNT'
      ? planCreateServiceAccount(now, { id, subject })
      : planCreateUser(now, { id, subject, status: status === 'INVITED' ? 'INVITED' : 'ACTIVE' });
  const created = create(context);
  if (!created.ok || created.after.principal(id)?.status === status) return created;
  const change = (now: WriteContext): Plan => planChangePrincipalStatus(now, toStatus);
  return planInTurn(context, [create, change], (now, plan) => plan(now));
}

/** What a connection had given is given again in its name, so that it goes on managing it. */
function as(source: string, context: WriteContext): WriteContext {
  return source === MANUAL ? context : { ...context, connection: source };
}

/** Why something was not given, and waits on. */
export interface RefusedGrant {
  readonly id: string;
  readonly code: RejectionCode;
  readonly message: string;
}

/** One after the other, as one may hang on another. */
export function giveInTurn(
  context: WriteContext,
  waiting: readonly PendingGrant[],
  builtInIds: ReadonlySet<string>,
) {
  const events: AccessEvent[] = [];
  const grants: PendingGrant[] = [];
  const refused: RefusedGrant[] = [];
  let after = context.before;
  for (const grant of waiting) {
    const planned = planGive({ ...context, before: after }, grant.fact, builtInIds);
    if (planned.ok) {
      after = planned.after;
      events.push(...planned.events);
      grants.push(grant);
    } else {
      const { code, message } = planned.rejection;
      refused.push({ id: grant.id, code, message });
    }
  }
  return { given: { grants, events, after }, refused };
}

/** What a witness knew of what it allowed. */
export interface Knowledge {
  readonly witness: Snapshot;
  readonly ended: WitnessedEnds | null;
}

/**
 * Adds what has to come back with what was given: denies of the witness that had nothing to hang on
 * until now, and the memberships that put somebody under them.
 *
 * INVARIANT: whoever gets something back gets it as restricted as the witness had it. That is what
 * planning the restore again would do now and would not have done before; what people have
 * changed since the restore is in both plans, and stays as they made it.
 */
export function withConsequences(
  before: Snapshot,
  given: Pick<Accepted, 'events' | 'after'>,
  knowledge: readonly Knowledge[],
): Pick<Accepted, 'events' | 'after'> {
  return knowledge.reduce((settled, known) => {
    const expected = new Set(planRestore({ owner: before, ...known }).events.map(canonicalJson));
    const consequences = planRestore({ owner: settled.after, ...known }).events.filter(
      (event) => !expected.has(canonicalJson(event)),
    );
    return followedBy(settled, consequences);
  }, given);
}

function followedBy(
  { events, after }: Pick<Accepted, 'events' | 'after'>,
  more: readonly AccessEvent[],
): Pick<Accepted, 'events' | 'after'> {
  return { events: [...events, ...more], after: applyEvents(after, more) };
}
