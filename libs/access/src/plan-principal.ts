import type { PrincipalFact, PrincipalKind, PrincipalStatus } from '@bastion/policy';
import type { ApiPermission } from './api-permissions.js';
import { authorizeAtRoot, refuseForeignSource } from './authorize.js';
import { endAssignments, endMemberships } from './cascade.js';
import { hasGroup, refuseEnded } from './grantee.js';
import { LIMITS, refuseSize } from './limits.js';
import {
  alreadyExists,
  KIND_OF_GRANTEE,
  notFound,
  reject,
  type Plan,
  type Rejected,
  type WriteContext,
} from './plan.js';
import { settle } from './settle.js';

export interface CreateUser {
  readonly id: string;
  /** The `sub` of the identity provider's tokens for this user. */
  readonly subject: string;
  readonly status: 'INVITED' | 'ACTIVE';
}

export interface CreateServiceAccount {
  readonly id: string;
  /** The `sub` of the tokens that this service account gets. */
  readonly subject: string;
}

/** A change of what a principal is to people, such as a name. */
export interface ChangePrincipal {
  readonly principalId: string;
  readonly kind: PrincipalKind;
  /** The source whose connection alone changes the principal; null: nobody's. No fact says so. */
  readonly managedBy: string | null;
}

export interface ChangePrincipalStatus {
  readonly principalId: string;
  readonly status: PrincipalStatus;
  /** As in {@link ChangePrincipal}; absent: nobody's. */
  readonly managedBy?: string | null;
}

const WRITE_PERMISSION = {
  USER: 'user:write',
  SERVICE_ACCOUNT: 'service-account:write',
} as const satisfies Record<PrincipalKind, ApiPermission>;

/** Where the lifecycle leads from each status. */
const NEXT_STATUSES: Readonly<Record<PrincipalStatus, readonly PrincipalStatus[]>> = {
  INVITED: ['ACTIVE', 'DEPROVISIONED'],
  ACTIVE: ['SUSPENDED', 'DEPROVISIONED'],
  SUSPENDED: ['ACTIVE', 'DEPROVISIONED'],
  DEPROVISIONED: ['ERASED'],
  ERASED: [],
};

/**
 * Refused with FORBIDDEN, INVALID_INPUT, ALREADY_EXISTS for an id ever used in the snapshot or a
 * subject that a living principal has, or ESCALATION when Everyone holds more than the actor.
 */
export function planCreateUser(context: WriteContext, input: CreateUser): Plan {
  const { id, subject, status } = input;
  return planCreate(context, { id, kind: 'USER', status, subject });
}

/** As {@link planCreateUser}; a service account is ACTIVE from the start. */
export function planCreateServiceAccount(context: WriteContext, input: CreateServiceAccount): Plan {
  const { id, subject } = input;
  return planCreate(context, { id, kind: 'SERVICE_ACCOUNT', status: 'ACTIVE', subject });
}

function planCreate(context: WriteContext, principal: PrincipalFact): Plan {
  const { before } = context;
  const { id, kind, subject } = principal;
  const refused =
    authorizeAtRoot(context, WRITE_PERMISSION[kind]) ??
    refuseSize('subject', subject, LIMITS.subjectLength);
  if (refused) return refused;
  // INVARIANT: principals and groups share one space of ids: both hold assignments and memberships.
  if (before.principal(id) || hasGroup(before, id)) return alreadyExists(KIND_OF_GRANTEE[kind], id);
  const namesake = before.principalBySubject(subject);
  if (namesake) return alreadyExists(KIND_OF_GRANTEE[namesake.kind], namesake.id);
  return settle(context, [{ type: 'principal-created', principal }]);
}

/** What no connection manages may be written by any, and is by the one that begins to manage it. */
function refuseManaged(context: WriteContext, managedBy: string | null): Rejected | undefined {
  return managedBy === null ? undefined : refuseForeignSource(context, managedBy);
}

/**
 * Changes no fact: nothing that decisions depend on, the subject above all, which is somebody's way
 * to sign in. Refused with FORBIDDEN, NOT_FOUND, PRINCIPAL_ENDED, MANAGED_BY_CONNECTION.
 */
export function planChangePrincipal(
  context: WriteContext,
  { principalId, kind, managedBy }: ChangePrincipal,
): Plan {
  const refused = authorizeAtRoot(context, WRITE_PERMISSION[kind]);
  if (refused) return refused;
  const principal = context.before.principal(principalId);
  if (principal?.kind !== kind) return notFound(KIND_OF_GRANTEE[kind]);
  return refuseEnded(principal) ?? refuseManaged(context, managedBy) ?? settle(context, []);
}

/**
 * DEPROVISIONED ends memberships and assignments; ERASED forgets the subject too. Refused with
 * FORBIDDEN, NOT_FOUND, INVALID_STATUS_CHANGE; MANAGED_BY_CONNECTION but for ERASED, which is owed
 * to the person whoever managed it; ESCALATION when someone wakes who holds more than the actor;
 * LAST_ADMIN.
 */
export function planChangePrincipalStatus(
  context: WriteContext,
  { principalId, status, managedBy = null }: ChangePrincipalStatus,
): Plan {
  const { before } = context;
  const principal = before.principal(principalId);
  const refused = authorizeAtRoot(context, WRITE_PERMISSION[principal?.kind ?? 'USER']);
  if (refused) return refused;
  if (!principal) return notFound('principal');
  if (!NEXT_STATUSES[principal.status].includes(status)) {
    const { status: from } = principal;
    return reject('INVALID_STATUS_CHANGE', `${from} does not become ${status}.`, {
      from,
      to: status,
    });
  }
  if (status === 'ERASED') {
    // A provider's `sub` can identify a person, so the tombstone keeps the id alone.
    const erased = { ...principal, status, subject: `erased:${principalId}` };
    return settle(context, [{ type: 'principal-status-changed', principal: erased }]);
  }
  const managed = refuseManaged(context, managedBy);
  if (managed) return managed;
  const changed = {
    type: 'principal-status-changed',
    principal: { ...principal, status },
  } as const;
  if (status !== 'DEPROVISIONED') return settle(context, [changed]);
  // The status goes first: whoever applies the events one by one allows nothing from there on.
  return settle(context, [
    changed,
    ...endAssignments(before.assignmentsOf(principalId)),
    ...endMemberships(before.membershipsOf(principalId)),
  ]);
}
