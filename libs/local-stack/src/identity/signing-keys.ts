import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

export const SIGNING_ALGORITHM = 'ES256';

/**
 * The private keys of the identity provider, the one that signs first; those behind it are only
 * published, so that tokens they signed stay valid. Kept in a file that its owner alone may read.
 */
export class SigningKeys {
  private constructor(
    private readonly file: string,
    private keys: readonly JWK[],
  ) {}

  /** The keys of the file; one new key if there is no file. */
  static async open(file: string): Promise<SigningKeys> {
    if (existsSync(file)) {
      return new SigningKeys(file, JSON.parse(readFileSync(file, 'utf8')) as JWK[]);
    }
    const keys = new SigningKeys(file, []);
    await keys.rotate('DROP_OLD');
    return keys;
  }

  /** Private keys as a JSON Web Key Set (RFC 7517). */
  get jwks(): { keys: JWK[] } {
    return { keys: [...this.keys] };
  }

  /** Signs with a new key from now on; the old ones stay published or are gone. */
  async rotate(old: 'KEEP_OLD' | 'DROP_OLD'): Promise<void> {
    const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
    const key = { ...(await exportJWK(privateKey)), use: 'sig', alg: SIGNING_ALGORITHM };
    this.keys = old === 'KEEP_OLD' ? [key, ...this.keys] : [key];
    writeFileSync(this.file, JSON.stringify(this.keys), { mode: 0o600 });
  }
}
