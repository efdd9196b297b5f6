import type { PrincipalFact, PrincipalKind } from './facts.js';
import type { Snapshot } from './snapshot.js';

/** Who somebody is, as an issuer of tokens vouches for it. */
export interface VouchedIdentity {
  /** The `sub` of the token. */
  readonly subject: string;
  /** The only kind of principal that the issuer vouches for; undefined: any. */
  readonly kind?: PrincipalKind;
}

/**
 * The living principal that a token stands for; undefined: nobody.
 *
 * INVARIANT: the issuer of service accounts' tokens makes nobody a user, whatever the `sub` says.
 */
export function principalOf(
  snapshot: Snapshot,
  { subject, kind }: VouchedIdentity,
): PrincipalFact | undefined {
  const principal = snapshot.principalBySubject(subject);
  return kind === undefined || principal?.kind === kind ? principal : undefined;
}
