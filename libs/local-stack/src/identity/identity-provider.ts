import { createServer, type Server } from 'node:http';
import { IdentityDirectory, type Person, type ServiceClient } from './identity-directory.js';
import { type OpenIdListener, openIdRequestListener } from './openid-provider.js';
import { choosePort } from '../ports/ports.js';
import { SigningKeys } from './signing-keys.js';

export interface IdentityProviderOptions {
  /** The file that keeps the signing keys. */
  readonly keyFile: string;
  /** A free port when undefined. */
  readonly port?: number | undefined;
}

/**
 * An OpenID provider on 127.0.0.1 for development and tests: discovery, keys, and a token endpoint
 * that hands out the token of any person registered with it for the asking.
 */
export class IdentityProvider {
  private constructor(
    /** As its tokens name it; discovery is at `/.well-known/openid-configuration` below. */
    readonly issuer: string,
    private readonly directory: IdentityDirectory,
    private readonly keys: SigningKeys,
    private readonly server: Server,
    private listener: OpenIdListener,
  ) {
    server.on('request', (request, response) => void this.listener(request, response));
  }

  /** @throws LocalStackError when the configured port is in use */
  static async start({ keyFile, port }: IdentityProviderOptions): Promise<IdentityProvider> {
    const choice = { part: 'the identity provider', variable: 'OIDC_PORT', configured: port };
    const chosen = await choosePort(choice);
    const issuer = `http://127.0.0.1:${chosen}`;
    const directory = new IdentityDirectory();
    const keys = await SigningKeys.open(keyFile);
    const listener = await openIdRequestListener(issuer, directory, keys);
    const server = createServer();
    // One request per connection: no client is left with a dead one when the provider restarts.
    server.maxRequestsPerSocket = 1;
    const provider = new IdentityProvider(issuer, directory, keys, server, listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(chosen, '127.0.0.1', resolve);
    });
    return provider;
  }

  /** From now on `fetchToken(issuer, { person: name })` answers with this person's token. */
  addPerson(person: Person): void {
    this.directory.addPerson(person);
  }

  /** From now on the service gets tokens by client credentials. */
  addService(service: ServiceClient): void {
    this.directory.addService(service);
  }

  /** Signs with a new key; tokens signed with the old ones stay valid only if those stay published. */
  async rotateKeys(old: 'KEEP_OLD' | 'DROP_OLD'): Promise<void> {
    await this.keys.rotate(old);
    this.listener = await openIdRequestListener(this.issuer, this.directory, this.keys);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
