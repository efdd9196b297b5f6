import type {
  AccessEvent,
  GranteeKind,
  PrincipalKind,
  Snapshot,
  TenantSize,
  TimeInterval,
} from '@bastion/policy';
import type { Rejection, RejectionCode } from './rejection.js';

/**
 * Who writes. An OPERATOR acts for the platform: neither permissions nor escalation are checked,
 * the rules of the model are.
 */
export type Actor =
  { readonly kind: 'PRINCIPAL'; readonly principalId: string } | { readonly kind: 'OPERATOR' };

/** What every plan is made against: the tenant under its lock, who asks, and the time. */
export interface WriteContext {
  readonly before: Snapshot;
  readonly actor: Actor;
  /** The present, as wide as the clock is uncertain; epoch milliseconds. */
  readonly time: TimeInterval;
  /**
   * The source that writes, when no person does: `scim:<connection>`, `zitadel:<connection>` or
   * `rule`. Absent: by hand. Each source writes its own memberships and assignments only, and an
   * identity connection may take away the last administrator.
   */
  readonly connection?: string;
  /** How large the tenant may become. Absent: as large as it likes. */
  readonly limits?: TenantLimits;
}

/** The most there may be of each kind; null: any number. */
export type TenantLimits = { readonly [Kind in keyof TenantSize]: number | null };

/** The write is in order: the events to commit, and the facts as they are with them applied. */
export interface Accepted {
  readonly ok: true;
  readonly events: readonly AccessEvent[];
  readonly after: Snapshot;
}

/** The write is refused, and nothing of it happens. */
export interface Rejected {
  readonly ok: false;
  readonly rejection: Rejection;
}

export type Plan = Accepted | Rejected;

export function reject(
  code: RejectionCode,
  message: string,
  details?: Rejection['details'],
): Rejected {
  return { ok: false, rejection: details ? { code, message, details } : { code, message } };
}

/** What ids can name; the words of messages and of `details.kind`. */
export type Kind =
  | 'user'
  | 'service account'
  | 'principal'
  | 'group'
  | 'membership'
  | 'scope'
  | 'resource'
  | 'role'
  | 'assignment'
  | 'credential';

/** The word for each kind of grantee. */
export const KIND_OF_GRANTEE = {
  USER: 'user',
  SERVICE_ACCOUNT: 'service account',
  GROUP: 'group',
} as const satisfies Record<GranteeKind | PrincipalKind, Kind>;

// INVARIANT: names the kind and nothing more, so that an id of another tenant is answered as one
// that never existed.
export function notFound(kind: Kind): Rejected {
  return reject('NOT_FOUND', `There is no such ${kind}.`, { kind });
}

export function alreadyExists(kind: Kind, id: string): Rejected {
  return reject('ALREADY_EXISTS', `This ${kind} exists already.`, { kind, id });
}
