import type { PrincipalFact, PrincipalStatus, TenantFact } from '@bastion/policy';
import type { Histories } from './restore-union.js';

/** From what allows most to what allows least. ACTIVE alone allows anything at all. */
const STRICTNESS: readonly PrincipalStatus[] = [
  'ACTIVE',
  'INVITED',
  'SUSPENDED',
  'DEPROVISIONED',
  'ERASED',
];

export function isStricter(one: PrincipalStatus, other: PrincipalStatus): boolean {
  return STRICTNESS.indexOf(one) > STRICTNESS.indexOf(other);
}

export function isEnded({ status }: PrincipalFact): boolean {
  return status === 'DEPROVISIONED' || status === 'ERASED';
}

/** SUSPENDED when either says so; what is stale is served only if both serve it, and no longer. */
export function restoreTenant({ owner, witness }: Histories): TenantFact {
  const [found, known] = [owner.tenant, witness.tenant];
  return {
    ...found,
    status: known.status === 'SUSPENDED' ? known.status : found.status,
    staleMode: known.staleMode === 'DENY' ? known.staleMode : found.staleMode,
    maxStaleMs: Math.min(known.maxStaleMs, found.maxStaleMs),
  };
}

/** Each principal of the owner, with the stricter of its two statuses. */
export function restorePrincipals({ owner, witness }: Histories): PrincipalFact[] {
  return owner.facts().principals.map((found) => {
    const known = witness.principal(found.id);
    if (!known || !isStricter(known.status, found.status)) return found;
    // Who is erased stays forgotten: the subject may identify the person.
    const subject = known.status === 'ERASED' ? known.subject : found.subject;
    return { ...found, status: known.status, subject };
  });
}
