import { ApiError } from '@bastion/platform';

/** The refusal of a question about others by one who lacks the right to ask it. */
export function mayNotAsk(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'Asking about somebody else takes the permission access:check at the root of the tenant.',
  );
}
