import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { LocalStack } from '@bastion/local-stack';

/** The private JWK Set that service accounts' tokens are signed with: made once, kept in the state folder. */
export function signingKeysOf({ state }: Pick<LocalStack, 'state'>): string {
  const file = state.file('service-account-signing-keys.json');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = JSON.stringify({
    keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'local' }],
  });
  writeFileSync(file, keys, { mode: 0o600 });
  return keys;
}
