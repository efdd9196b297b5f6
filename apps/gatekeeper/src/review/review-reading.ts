import { ApiError, type Caller, type ConsistencyTokens } from '@bastion/platform';
import { mayNotAsk, readAtLeast, type Asker, type PrincipalReference } from '../check/index.js';
import type { HeldTenant, SnapshotReader } from '../projection/index.js';

export interface ReviewParts {
  readonly reader: Pick<SnapshotReader, 'read' | 'standingOf'>;
  readonly tokens: ConsistencyTokens;
}

/**
 * What `answer` makes of the tenant as it is now. A review is complete and from fresh facts, or it is
 * refused: who counts on it must not have been shown a part, or what was.
 *
 * @throws ApiError UNAVAILABLE while nothing fresh is known here, FORBIDDEN where there is no such
 *   tenant, INVALID_CONSISTENCY_TOKEN, and what `answer` throws
 */
export async function reviewFresh<Answer>(
  { reader, tokens }: ReviewParts,
  { tenantId }: Caller,
  atLeast: string | null | undefined,
  answer: (held: HeldTenant) => Answer,
): Promise<Answer> {
  const reading = await reader.read(tenantId, readAtLeast(tokens, tenantId, [atLeast]));
  switch (reading.kind) {
    case 'PRESENT': {
      const answered = answer(reading.held);
      // INVARIANT: looked at last, as for a check: the process may have stood still on the way here.
      if (reader.standingOf(reading.held) === 'FRESH') return answered;
      throw notNow('What is known here of the tenant may be outdated');
    }
    case 'NO_TENANT':
      throw new ApiError('FORBIDDEN', 'There is no such tenant.');
    case 'HISTORY_ENDED':
      throw new ApiError(
        'INVALID_CONSISTENCY_TOKEN',
        'The consistency token names a history that no longer exists: read or write anew for another.',
      );
    case 'STALE':
      throw notNow('What is known here of the tenant may be outdated');
    case 'QUARANTINED':
      throw notNow("The tenant's data cannot be read here; operators are informed");
  }
}

/**
 * Whom a question is about; undefined: nobody that the tenant knows.
 * Throws ApiError FORBIDDEN where it is somebody else, and not the asker's to ask about.
 */
export function whoIsAskedAbout(asker: Asker, reference: PrincipalReference): string | undefined {
  const { principalId, isAsker } = asker.whomNames(reference);
  if (!isAsker) refuseUnlessMayAsk(asker);
  return principalId;
}

/** Throws ApiError FORBIDDEN where the asker may not ask about others than themselves. */
export function refuseUnlessMayAsk(asker: Asker): void {
  if (!mayAskAboutOthers(asker)) throw mayNotAsk();
}

export function mayAskAboutOthers(asker: Asker): boolean {
  return asker.rightToAskAboutOthers()?.effect === 'ALLOW';
}

function notNow(what: string): ApiError {
  return new ApiError('UNAVAILABLE', `${what}: try again shortly.`);
}
