import { OauthError } from './oauth-error.js';

/** Who a client says it is. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string;
}

const BASIC = /^Basic +([A-Za-z0-9+/]+=*)$/i;
const MAX_LENGTH = 256;

/**
 * Reads a request for a token by client credentials (RFC 6749, sections 2.3.1 and 4.4.2).
 *
 * @param body what came as a form; anything else is no request
 * @throws OauthError
 */
export function readTokenRequest(
  authorization: string | undefined,
  body: unknown,
): ClientCredentials {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  const credentials = credentialsOf(authorization, form);
  if (body !== form) throw new OauthError('invalid_request', 'Send a form.');
  const names = [...form.keys()];
  if (new Set(names).size < names.length) {
    throw new OauthError('invalid_request', 'A parameter is there twice.');
  }
  const grantType = form.get('grant_type');
  if (!grantType) throw new OauthError('invalid_request', 'There is no grant_type.');
  if (grantType !== 'client_credentials') {
    throw new OauthError('unsupported_grant_type', 'The grant_type is client_credentials.');
  }
  if (form.get('scope')) {
    throw new OauthError('invalid_scope', 'There are no scopes: roles say who may do what.');
  }
  return credentials;
}

function credentialsOf(authorization: string | undefined, form: URLSearchParams) {
  const inForm = { clientId: form.get('client_id'), secret: form.get('client_secret') };
  if (authorization === undefined) return complete(inForm);
  if (inForm.secret !== null) {
    throw new OauthError('invalid_request', 'Authenticate in one way.');
  }
  const inHeader = readBasic(authorization);
  if (inForm.clientId !== null && inForm.clientId !== inHeader.clientId) {
    throw new OauthError('invalid_request', 'There are two clients.');
  }
  return complete(inHeader);
}

/** Both parts are form-encoded before they are put together. */
function readBasic(authorization: string): Partial<ClientCredentials> {
  const encoded = BASIC.exec(authorization)?.[1];
  const [clientId, ...rest] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  if (encoded === undefined || rest.length === 0) return {};
  return { clientId: decodeForm(clientId ?? ''), secret: decodeForm(rest.join(':')) };
}

function decodeForm(text: string): string {
  return new URLSearchParams(`t=${text.replaceAll('&', '%26')}`).get('t') ?? '';
}

function complete({
  clientId,
  secret,
}: {
  readonly clientId?: string | null;
  readonly secret?: string | null;
}): ClientCredentials {
  if (!clientId || !secret || clientId.length > MAX_LENGTH || secret.length > MAX_LENGTH) {
    throw new OauthError('invalid_client', 'The client is not authenticated.');
  }
  return { clientId, secret };
}
