import type { GranteeKind, PrincipalFact, Snapshot } from '@bastion/policy';
import { KIND_OF_GRANTEE, notFound, reject, type Rejected } from './plan.js';

/** Refuses whoever cannot be given anything: NOT_FOUND for the kind, PRINCIPAL_ENDED. */
export function refuseGrantee(
  before: Snapshot,
  kind: GranteeKind,
  id: string,
): Rejected | undefined {
  if (kind === 'GROUP') return before.group(id) ? undefined : notFound('group');
  const principal = before.principal(id);
  if (principal?.kind !== kind) return notFound(KIND_OF_GRANTEE[kind]);
  return refuseEnded(principal);
}

/** PRINCIPAL_ENDED for whoever is nothing but history. */
export function refuseEnded({ kind, status }: PrincipalFact): Rejected | undefined {
  if (status !== 'DEPROVISIONED' && status !== 'ERASED') return undefined;
  return reject('PRINCIPAL_ENDED', `This ${KIND_OF_GRANTEE[kind]} is ${status}.`, { status });
}
