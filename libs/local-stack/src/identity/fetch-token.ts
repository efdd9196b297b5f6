import { LocalStackError } from '../local-stack-error.js';

/** The grant by which the development provider hands out a person's token for the asking. */
export const DEVELOPMENT_PERSON_GRANT = 'urn:bastion:grant-type:development-person';
/** The public client that may use this grant. */
export const DEVELOPMENT_CLIENT_ID = 'bastion-development';

/** Whose token: a person by name, or a service by its client id and secret. */
export type TokenHolder = { person: string } | { clientId: string; clientSecret: string };

/**
 * Fetches an access token from the identity provider for development.
 * @param issuer as the provider names itself, without a slash at the end
 * @throws LocalStackError when the provider cannot be reached or refuses
 */
export async function fetchToken(issuer: string, holder: TokenHolder): Promise<string> {
  const response = await request(issuer, holder);
  const body = (await response.json()) as { access_token?: string; error_description?: string };
  if (body.access_token !== undefined) return body.access_token;
  throw new LocalStackError(
    `The identity provider at ${issuer} gave no token: ${body.error_description ?? response.status}`,
  );
}

async function request(issuer: string, holder: TokenHolder): Promise<Response> {
  try {
    return await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: 'clientId' in holder ? { authorization: basicCredentials(holder) } : {},
      body: new URLSearchParams(
        'person' in holder
          ? {
              grant_type: DEVELOPMENT_PERSON_GRANT,
              client_id: DEVELOPMENT_CLIENT_ID,
              person: holder.person,
            }
          : { grant_type: 'client_credentials' },
      ),
    });
  } catch (cause) {
    throw new LocalStackError(`The identity provider at ${issuer} cannot be reached.`, { cause });
  }
}

/** Both parts are form-encoded first (RFC 6749, section 2.3.1). */
function basicCredentials(client: { clientId: string; clientSecret: string }): string {
  const parts = [client.clientId, client.clientSecret].map((part) => encodeURIComponent(part));
  return `Basic ${Buffer.from(parts.join(':')).toString('base64')}`;
}
