import { ApiError, type Caller, type ConsistencyTokens } from '@bastion/platform';
import { decide, type PrincipalFact, type TimeInterval } from '@bastion/policy';
import {
  mayNotAsk,
  principalAsked,
  readAtLeast,
  rightToAskAboutOthers,
  type PrincipalReference,
} from '../check/index.js';
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
 * Throws ApiError FORBIDDEN where it is somebody else, and not the caller's to ask about.
 */
export function whoIsAskedAbout(
  held: HeldTenant,
  caller: Caller,
  reference: PrincipalReference,
  time: TimeInterval,
): PrincipalFact | undefined {
  const { principal, isCaller } = principalAsked(held.snapshot, caller.subject, reference);
  if (!isCaller) refuseUnlessMayAsk(held, caller, time);
  return principal;
}

/** Throws ApiError FORBIDDEN where the caller may not ask about others than itself. */
export function refuseUnlessMayAsk(held: HeldTenant, caller: Caller, time: TimeInterval): void {
  if (!mayAskAboutOthers(held, caller, time)) throw mayNotAsk();
}

export function mayAskAboutOthers(
  { snapshot }: HeldTenant,
  { subject }: Caller,
  time: TimeInterval,
): boolean {
  return rightToAskAboutOthers(snapshot, subject, time, decide)?.effect === 'ALLOW';
}

function notNow(what: string): ApiError {
  return new ApiError('UNAVAILABLE', `${what}: try again shortly.`);
}
