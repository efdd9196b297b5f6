import type { PrincipalFact, Snapshot } from '@bastion/policy';
import { ApiError } from '@bastion/platform';

/** Alike for a tenant that does not exist and for one that does not know the caller. */
export function unknownCaller(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'The tenant of the token does not know the caller; ask its administrator to create the user.',
  );
}

/** Throws unless the caller is active in a tenant that is: nobody else is answered anything. */
export function refuseInactive({ tenant }: Snapshot, caller: PrincipalFact): void {
  if (tenant.status !== 'ACTIVE') {
    throw new ApiError('TENANT_SUSPENDED', 'The tenant is suspended.');
  }
  if (caller.status !== 'ACTIVE') {
    throw new ApiError('FORBIDDEN', 'The caller is not active in its tenant.');
  }
}
