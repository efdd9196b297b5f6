import type { GranteeKind, Snapshot } from '@bastion/policy';
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
  if (principal.status !== 'DEPROVISIONED' && principal.status !== 'ERASED') return undefined;
  return reject('PRINCIPAL_ENDED', `This ${KIND_OF_GRANTEE[kind]} is ${principal.status}.`, {
    status: principal.status,
  });
}
