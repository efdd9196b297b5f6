import { ApiError } from '@bastion/platform';

export function unknownTenant(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such tenant.');
}
