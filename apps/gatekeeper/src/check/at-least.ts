import { ApiError, type ConsistencyTokens } from '@bastion/platform';
import { comparePositions } from '../owner/index.js';
import type { AtLeast } from '../projection/index.js';

/**
 * The position that satisfies every given token; undefined without any.
 *
 * @throws ApiError INVALID_CONSISTENCY_TOKEN for one that was not issued to the tenant, and for two
 *   of different epochs: the earlier one's history has ended, which must not pass for reached
 */
export function readAtLeast(
  tokens: Pick<ConsistencyTokens, 'read'>,
  tenantId: string,
  given: readonly (string | null | undefined)[],
): AtLeast | undefined {
  let atLeast: AtLeast | undefined;
  for (const token of given) {
    if (token === null || token === undefined) continue;
    const position = tokens.read(token, tenantId);
    if (atLeast && atLeast.epoch !== position.epoch) {
      throw new ApiError(
        'INVALID_CONSISTENCY_TOKEN',
        'The consistency tokens are of two histories, of which one no longer exists.',
      );
    }
    if (!atLeast || comparePositions(position, atLeast) > 0) atLeast = position;
  }
  return atLeast;
}
