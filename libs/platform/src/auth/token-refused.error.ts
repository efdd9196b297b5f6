/** Why a token does not count. For the log; the client learns only that it is not authenticated. */
export type RefusalReason =
  | 'NO_TOKEN'
  | 'MALFORMED_HEADER'
  | 'TOKEN_TOO_LARGE'
  | 'MALFORMED_TOKEN'
  | 'ALGORITHM_NOT_ALLOWED'
  | 'UNKNOWN_KEY'
  | 'WRONG_SIGNATURE'
  | 'WRONG_TYPE'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'WRONG_ISSUER'
  | 'WRONG_AUDIENCE'
  | 'MISSING_CLAIM'
  | 'MALFORMED_CLAIM'
  | 'NO_TENANT';

export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';

  constructor(
    readonly reason: RefusalReason,
    options?: ErrorOptions,
  ) {
    super(`Token refused: ${reason}`, options);
  }
}
