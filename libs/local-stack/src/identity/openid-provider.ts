import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Adapter, ClientMetadata, Configuration } from 'oidc-provider';
import { DEVELOPMENT_CLIENT_ID, DEVELOPMENT_PERSON_GRANT } from './fetch-token.js';
import type { IdentityDirectory, ServiceClient } from './identity-directory.js';
import { loadOidcProvider } from './load-oidc-provider.js';
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.js';

/** The audience of all tokens. */
export const AUDIENCE = 'bastion';
/** The claim that names the tenant, as Zitadel calls it. */
export const TENANT_CLAIM = 'urn:zitadel:iam:user:resourceowner:id';

const TOKEN_SECONDS = 15 * 60;
/** The provider knows an API by a URI; what tokens carry is its audience. */
const API_URI = 'urn:bastion:api';
const API = {
  audience: AUDIENCE,
  scope: '',
  accessTokenFormat: 'jwt',
  accessTokenTTL: TOKEN_SECONDS,
  jwt: { sign: { alg: SIGNING_ALGORITHM } },
} as const;

/** Answers one request; what goes wrong goes into the answer. */
export type OpenIdListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What answers an issuer's requests, for the people of the directory and with the keys of now. */
export async function openIdRequestListener(
  issuer: string,
  directory: IdentityDirectory,
  keys: SigningKeys,
): Promise<OpenIdListener> {
  const { Provider, errors } = await loadOidcProvider();
  const provider = new Provider(issuer, configuration(directory, keys));
  provider.registerGrantType<{ person?: string }>(
    DEVELOPMENT_PERSON_GRANT,
    async (context) => {
      const { client, params } = context.oidc;
      const person = directory.person(params.person ?? '');
      if (!person) {
        throw new errors.CustomOIDCProviderError(
          'invalid_grant',
          'nobody of that name is registered',
        );
      }
      const token = new provider.AccessToken({
        client,
        accountId: person.subject,
        resourceServer: new provider.ResourceServer(API_URI, API),
        grantId: person.name,
        gty: DEVELOPMENT_PERSON_GRANT,
      });
      const accessToken = await token.save();
      context.body = {
        access_token: accessToken,
        expires_in: token.expiration,
        token_type: token.tokenType,
      };
    },
    ['person'],
  );
  return provider.callback();
}

function configuration(directory: IdentityDirectory, keys: SigningKeys): Configuration {
  return {
    adapter: (model) => clientsOnly(model, directory),
    ttl: { AccessToken: TOKEN_SECONDS, ClientCredentials: TOKEN_SECONDS },
    jwks: keys.jwks,
    clients: [developmentClient()],
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API_URI,
        getResourceServerInfo: () => API,
      },
    },
    extraTokenClaims: (context, token) => {
      const holder =
        token.kind === 'AccessToken'
          ? directory.person(String(context.oidc.params?.['person']))
          : directory.service(token.clientId ?? '');
      return holder?.tenantId ? { [TENANT_CLAIM]: holder.tenantId } : {};
    },
  };
}

/** A command line keeps no secret, so this client has none. */
function developmentClient(): ClientMetadata {
  return {
    client_id: DEVELOPMENT_CLIENT_ID,
    token_endpoint_auth_method: 'none',
    grant_types: [DEVELOPMENT_PERSON_GRANT],
    response_types: [],
    redirect_uris: [],
  };
}

/** Looks clients up in the directory. Tokens carry everything themselves: nothing else is stored. */
function clientsOnly(model: string, directory: IdentityDirectory): Adapter {
  const nothingIsStored = (): never => {
    throw new Error(`The identity provider for development stores no ${model}`);
  };
  return {
    find: (id) => {
      const service = model === 'Client' ? directory.service(id) : undefined;
      return Promise.resolve(service && clientOf(service));
    },
    upsert: nothingIsStored,
    findByUserCode: nothingIsStored,
    findByUid: nothingIsStored,
    consume: nothingIsStored,
    destroy: nothingIsStored,
    revokeByGrantId: nothingIsStored,
  };
}

function clientOf({ clientId, clientSecret }: ServiceClient): ClientMetadata {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };
}
