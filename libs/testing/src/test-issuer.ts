import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

const ALGORITHM = 'ES256';
const KEY_ID = 'test-key';
const AUDIENCE = 'bastion';
const TENANT_CLAIM = 'urn:zitadel:iam:user:resourceowner:id';

/** What a token shall say. */
export interface TokenClaims {
  readonly subject: string;
  /** Left out: a token that belongs to no tenant, as services have. */
  readonly tenantId?: string;
  readonly audience?: string;
  readonly issuer?: string;
  /** Negative: expired. Default 600. */
  readonly expiresInSeconds?: number;
}

/**
 * An identity provider reduced to what verifiers and services see of one: discovery, public keys and
 * client credentials over HTTP, and tokens that are really signed.
 */
export class TestIssuer {
  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    private readonly strangersKey: CryptoKey,
  ) {}

  static async start(): Promise<TestIssuer> {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
    const stranger = await generateKeyPair(ALGORITHM);
    const published = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = new TestIssuer(server, privateKey, stranger.privateKey);
    server.on('request', (request, response) => {
      void issuer.answerTo(request, published).then((body) => {
        response.statusCode = body === undefined ? 404 : 200;
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      });
    });
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The environment variables of a service that trusts this issuer. */
  get environment(): Record<string, string> {
    return { OIDC_ISSUER: this.url, OIDC_AUDIENCE: AUDIENCE, OIDC_TENANT_CLAIM: TENANT_CLAIM };
  }

  token(claims: TokenClaims): Promise<string> {
    return this.sign(claims, this.key);
  }

  /** As good as a real one but for the key: it names ours and is signed with another. */
  forgedToken(claims: TokenClaims): Promise<string> {
    return this.sign(claims, this.strangersKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private sign(claims: TokenClaims, key: CryptoKey): Promise<string> {
    const { subject, tenantId, audience = AUDIENCE, issuer = this.url } = claims;
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT(tenantId === undefined ? {} : { [TENANT_CLAIM]: tenantId })
      .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
      .setSubject(subject)
      .setAudience(audience)
      .setIssuer(issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + (claims.expiresInSeconds ?? 600))
      .sign(key);
  }

  private async answerTo(request: IncomingMessage, key: JWK): Promise<unknown> {
    if (request.url === '/keys') return { keys: [key] };
    if (request.url === '/token') {
      const access_token = await this.token({ subject: clientOf(request) });
      return { access_token, token_type: 'Bearer', expires_in: 300 };
    }
    if (request.url !== '/.well-known/openid-configuration') return undefined;
    return {
      issuer: this.url,
      jwks_uri: `${this.url}/keys`,
      token_endpoint: `${this.url}/token`,
    };
  }
}

/** The client id of HTTP Basic authentication (RFC 6749, section 2.3.1); any secret will do. */
function clientOf({ headers }: IncomingMessage): string {
  const [, credentials = ''] = (headers.authorization ?? '').split(' ');
  const [client = ''] = Buffer.from(credentials, 'base64').toString().split(':');
  return decodeURIComponent(client);
}
