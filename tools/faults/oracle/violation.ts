/**
 * What must never be. The first four are the counts of a report.
 *
 * LOST: something taken away is still allowed when everything has settled, or came back by itself.
 * PHANTOM: allowed, or held, though no committed revision says so.
 * STALE_ALLOW: allowed from facts older than the lease, the tenant's bound, or the revision asked for.
 * CROSS_TENANT: something of another tenant.
 * WRONG_DENY: denied from facts that allow it.
 * REVISION: what is applied has a gap, went back, or is not what was committed.
 * SETTLED_EARLY: a message was acknowledged before its change was committed.
 * UNCONFIRMED: marked as sent and not known to be at the broker, or never sent at all.
 * NOT_SERIAL: a write was decided on facts that were not those right before it.
 * TWICE: one intended write had two effects.
 * BLOCKED: somebody waited for what is none of their business, or for ever.
 * UNHEALED: it did not come right by itself.
 */
export type ViolationKind =
  | 'LOST'
  | 'PHANTOM'
  | 'STALE_ALLOW'
  | 'CROSS_TENANT'
  | 'WRONG_DENY'
  | 'REVISION'
  | 'SETTLED_EARLY'
  | 'UNCONFIRMED'
  | 'NOT_SERIAL'
  | 'TWICE'
  | 'BLOCKED'
  | 'UNHEALED';

export interface Violation {
  readonly kind: ViolationKind;
  /** For who looks for the reason. */
  readonly what: string;
  /** Milliseconds since the run began. */
  readonly at: number;
}
