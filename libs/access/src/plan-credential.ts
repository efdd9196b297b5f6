import { authorizeAtRoot } from './authorize.js';
import { refuseActingAs } from './escalation.js';
import { refuseGrantee } from './grantee.js';
import { LIMITS } from './limits.js';
import { notFound, reject, type Plan, type WriteContext } from './plan.js';
import { settle } from './settle.js';

export interface CreateCredential {
  readonly serviceAccountId: string;
  /** How many it has that are neither revoked nor expired. */
  readonly valid: number;
}

export interface RevokeCredential {
  /** Whose it is; undefined: there is no such credential. */
  readonly serviceAccountId: string | undefined;
}

/**
 * Whoever makes a credential can act as the service account: the actor must hold all that it holds.
 * Changes no fact. Refused with FORBIDDEN, NOT_FOUND, PRINCIPAL_ENDED, TOO_MANY_CREDENTIALS,
 * ESCALATION.
 */
export function planCreateCredential(
  context: WriteContext,
  { serviceAccountId, valid }: CreateCredential,
): Plan {
  const refused =
    authorizeAtRoot(context, 'service-account:write') ??
    refuseGrantee(context.before, 'SERVICE_ACCOUNT', serviceAccountId) ??
    refuseActingAs(context, serviceAccountId);
  if (refused) return refused;
  const most = LIMITS.credentialsPerServiceAccount;
  if (valid >= most) {
    return reject('TOO_MANY_CREDENTIALS', `It has ${most} credentials already; revoke one.`, {
      most,
    });
  }
  return settle(context, []);
}

/** Changes no fact. Refused with FORBIDDEN, NOT_FOUND. */
export function planRevokeCredential(
  context: WriteContext,
  { serviceAccountId }: RevokeCredential,
): Plan {
  const refused = authorizeAtRoot(context, 'service-account:write');
  if (refused) return refused;
  return serviceAccountId === undefined ? notFound('credential') : settle(context, []);
}
