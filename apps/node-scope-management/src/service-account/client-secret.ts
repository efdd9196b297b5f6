import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '@bastion/platform';

const SECRET_BYTES = 32;
const HINT_LENGTH = 4;

/** So that whoever searches code and logs for secrets finds these. */
const PREFIX = 'bastion_';

/** A new secret, with what is kept of it. */
export interface ClientSecret {
  readonly secret: string;
  /** Whoever has it cannot guess the secret: that is 256 random bits, so no slow hash is needed. */
  readonly hash: string;
  readonly hint: string;
}

export function newClientSecret(): ClientSecret {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
  return { secret, hash: sha256(secret), hint: secret.slice(-HINT_LENGTH) };
}

/** Whether a secret is the one that was hashed; takes as long whether it is or not. */
export function isSecretOf(hash: string, secret: string): boolean {
  const given = createHash('sha256').update(secret).digest();
  return timingSafeEqual(Buffer.from(hash, 'hex'), given);
}

const SEPARATOR = '@';
const UUID_LENGTH = 36;

/** What a service account calls itself at the token endpoint: its id and where it is known. */
export function clientIdOf(tenantId: string, serviceAccountId: string): string {
  return `${serviceAccountId}${SEPARATOR}${tenantId}`;
}

/** The parts of a client id, whatever they are; undefined: it is none. */
export function readClientId(
  clientId: string,
): { readonly serviceAccountId: string; readonly tenantId: string } | undefined {
  if (clientId[UUID_LENGTH] !== SEPARATOR) return undefined;
  return {
    serviceAccountId: clientId.slice(0, UUID_LENGTH),
    tenantId: clientId.slice(UUID_LENGTH + 1),
  };
}
