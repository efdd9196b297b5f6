import type { ErrorCode } from '@bastion/contracts';

/** Plain JSON that helps the client: ids, limits, paths. Never a secret, never another tenant's. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An answer of one of the catalogued codes. Thrown anywhere, rendered at the edges. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details?: ErrorDetails,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
