import { ApiError, type RenderHttpError } from '@bastion/platform';
import type { ErrorCode } from '@bastion/contracts';

/** RFC 6749, section 5.2; and what section 4.1.2.1 has for a server that is not to be troubled now. */
export type OauthErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'temporarily_unavailable';

const CODES: Readonly<Record<OauthErrorName, ErrorCode>> = {
  invalid_request: 'INVALID_INPUT',
  invalid_client: 'UNAUTHENTICATED',
  unsupported_grant_type: 'INVALID_INPUT',
  invalid_scope: 'INVALID_INPUT',
  temporarily_unavailable: 'TOO_MANY_ATTEMPTS',
};

/** A refusal of the token endpoint, named as its standard has it. */
export class OauthError extends ApiError {
  constructor(error: OauthErrorName, message: string) {
    super(CODES[error], message, { error });
  }
}

export const TOKEN_PATH = 'oauth/token';

/** The bodies of the token endpoint's errors: those of RFC 6749, with our code beside. */
export const renderOauthError: RenderHttpError = (
  { code, message, details, requestId },
  { url },
) =>
  url.split('?', 1)[0] === `/${TOKEN_PATH}`
    ? { error: details?.['error'] ?? nameOf(code), error_description: message, code, requestId }
    : undefined;

/** For what went wrong before or beside the endpoint itself. */
function nameOf(code: ErrorCode): string {
  if (code === 'INTERNAL_ERROR') return 'server_error';
  return code === 'UNAVAILABLE' ? 'temporarily_unavailable' : 'invalid_request';
}
