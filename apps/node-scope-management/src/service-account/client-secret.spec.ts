import { clientIdOf, isSecretOf, newClientSecret, readClientId } from './client-secret.js';

describe('a client secret', () => {
  it('has 256 random bits, and is known by its hash alone', () => {
    const { secret, hash, hint } = newClientSecret();
    expect(secret).toMatch(/^bastion_[\w-]{43}$/);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(secret.endsWith(hint)).toBe(true);
    expect(isSecretOf(hash, secret)).toBe(true);
    for (const wrong of ['', hash, secret.slice(0, -1), `${secret} `, newClientSecret().secret]) {
      expect(isSecretOf(hash, wrong)).toBe(false);
    }
  });
});

describe('a client id', () => {
  const id = '01890000-0000-7000-8000-000000000001';

  it.each(['acme', 'a@b', ''])('names a service account of %j', (tenantId) => {
    expect(readClientId(clientIdOf(tenantId, id))).toEqual({ serviceAccountId: id, tenantId });
  });

  it.each(['', id, `${id}:acme`, 'acme', '@acme'])('is not %j', (text) => {
    expect(readClientId(text)).toBeUndefined();
  });
});
