import type { Caller, Clock } from '@bastion/platform';
import { explain, type Explanation, type Remedy, type Limited } from '@bastion/policy';
import { Asker } from '../check/index.js';
import {
  mayAskAboutOthers,
  reviewFresh,
  whoIsAskedAbout,
  type ReviewParts,
} from './review-reading.js';
import type { ExplainRequest } from './review-input.js';

/** Why a check is answered as it is, from one revision and for one time. */
export interface ExplainAnswer extends Pick<Explanation, 'decision' | 'paths' | 'nearMisses'> {
  /** null: not for the caller, as it names groups and roles that are nothing of its own. */
  readonly remedies: Limited<Remedy> | null;
  readonly consistencyToken: string;
  readonly evaluatedAt: Date;
}

export interface ExplainParts extends ReviewParts {
  readonly clock: Clock;
}

/** Why may they, or why not? For people: whoever enforces asks for a check. */
export class ExplainQuery {
  constructor(private readonly parts: ExplainParts) {}

  /**
   * @throws ApiError FORBIDDEN for a question about somebody else that the caller may not ask,
   *   INVALID_CONSISTENCY_TOKEN, UNAVAILABLE
   */
  async run(
    caller: Caller,
    { principal, permission, scopeId, resource, context, at, atLeast }: ExplainRequest,
  ): Promise<ExplainAnswer> {
    const { tokens, clock } = this.parts;
    const { tenantId } = caller;
    return reviewFresh(this.parts, caller, atLeast, (held) => {
      const now = clock.interval();
      const evaluatedAt = at ?? new Date(clock.now());
      const time = at ? { earliest: at.getTime(), latest: at.getTime() } : now;
      const asker = new Asker(held.snapshot, caller, now);
      // Who may ask is a question of now, whatever time the answer is for.
      const principalId = whoIsAskedAbout(asker, principal) ?? '';
      const request = { principalId, permission, scopeId, resource, time, context };
      const { remedies, ...explanation } = explain(held.snapshot, request);
      const { epoch, revision, digest } = held;
      return {
        ...explanation,
        remedies: mayAskAboutOthers(asker) ? remedies : null,
        consistencyToken: tokens.issue({ tenantId, epoch, revision, digest }),
        evaluatedAt,
      };
    });
  }
}
