import { ApiError, type Caller, type Clock, type ConsistencyTokens } from '@bastion/platform';
import { decide, decideStale, type Decision, type Reason } from '@bastion/policy';
import type { PinoLogger } from 'nestjs-pino';
import type { HeldTenant, SnapshotReader } from '../projection/index.js';
import { readAtLeast } from './at-least.js';
import { answerQuestion, type Decide, type Question } from './question.js';

/** The answer to a question, and what it was answered from. */
export interface CheckAnswer {
  readonly allowed: boolean;
  readonly reason: Reason;
  /** The assignments that explain it: all that allow, all that deny, or the nearest misses. */
  readonly assignmentIds: readonly string[];
  /** Names the revision it was answered from; null: from none, as nothing was fresh enough. */
  readonly consistencyToken: string | null;
  /** Decided from facts that may be outdated, as the tenant wants it in an outage. */
  readonly stale: boolean;
  readonly evaluatedAt: Date;
}

export interface CheckParts {
  readonly reader: Pick<SnapshotReader, 'read' | 'standingOf'>;
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
  readonly logger: Pick<PinoLogger, 'error'>;
}

interface Decided {
  readonly decisions: readonly Decision[];
  readonly evaluatedAt: Date;
}

/**
 * May they? Decided in memory, from one immutable snapshot that is fresh enough, or denied; if it is
 * not, and the tenant wants to be served then, what is not privileged is still decided, and marked.
 */
export class CheckQuery {
  constructor(private readonly parts: CheckParts) {}

  /**
   * @param atLeast a consistency token: answered from that revision or a later one, or STALE
   * @throws ApiError FORBIDDEN for a question about somebody else that the caller may not ask;
   *   INVALID_CONSISTENCY_TOKEN
   */
  async run(caller: Caller, question: Question, atLeast?: string | null): Promise<CheckAnswer> {
    const [answer] = await this.runAll(caller, [question], [atLeast]);
    if (!answer) throw new Error('A question without an answer');
    return answer;
  }

  /**
   * All questions answered from one revision, which is no earlier than any of those named, in their
   * order, and either all of them stale or none. Throws as {@link run} does, if only one of the
   * questions is refused.
   */
  async runAll(
    caller: Caller,
    questions: readonly Question[],
    atLeast: readonly (string | null | undefined)[],
  ): Promise<readonly CheckAnswer[]> {
    const { reader, tokens } = this.parts;
    const { tenantId } = caller;
    const reading = await reader.read(tenantId, readAtLeast(tokens, tenantId, atLeast));
    if (reading.kind === 'HISTORY_ENDED') {
      throw new ApiError(
        'INVALID_CONSISTENCY_TOKEN',
        'The consistency token names a history that no longer exists: read or write anew for another.',
      );
    }
    if (reading.kind !== 'PRESENT') return this.#refuseAll(questions, reading.kind);

    const { held } = reading;
    const fresh = this.#decideAll(held, caller, questions, decide);
    this.#logErrors(fresh, caller);
    // INVARIANT: looked at last: however long the process stood still on the way here, nothing leaves
    // it that was decided from a snapshot whose lease is over.
    const standing = reader.standingOf(held);
    if (standing === 'FRESH') return this.#answerAll(held, caller, fresh, false);
    if (standing === 'SERVABLE') {
      const stale = this.#decideAll(held, caller, questions, decideStale);
      // INVARIANT: looked at last here too: the tenant bounds for how long it is served this way.
      if (reader.standingOf(held) !== 'STALE') return this.#answerAll(held, caller, stale, true);
    }
    return this.#refuseAll(questions, 'STALE');
  }

  #decideAll(
    { snapshot }: HeldTenant,
    { subject }: Caller,
    questions: readonly Question[],
    decideOne: Decide,
  ): Decided {
    const { clock } = this.parts;
    const evaluatedAt = new Date(clock.now());
    const time = clock.interval();
    const decisions = questions.map((question) => {
      const decision = answerQuestion(snapshot, subject, question, time, decideOne);
      if (decision === 'FORBIDDEN') throw mayNotAsk();
      return decision;
    });
    return { decisions, evaluatedAt };
  }

  #answerAll(
    { epoch, revision, digest }: HeldTenant,
    { tenantId }: Caller,
    { decisions, evaluatedAt }: Decided,
    stale: boolean,
  ): readonly CheckAnswer[] {
    const consistencyToken = this.parts.tokens.issue({ tenantId, epoch, revision, digest });
    return decisions.map(({ effect, reason, assignmentIds }) => {
      const allowed = effect === 'ALLOW';
      return { allowed, reason, assignmentIds, consistencyToken, stale, evaluatedAt };
    });
  }

  /** Answers that were decided from nothing. */
  #refuseAll(
    questions: readonly Question[],
    reason: 'NO_TENANT' | 'STALE' | 'QUARANTINED',
  ): readonly CheckAnswer[] {
    const nothing = { assignmentIds: [], consistencyToken: null, stale: false };
    const evaluatedAt = new Date(this.parts.clock.now());
    return questions.map(() => ({ allowed: false, reason, ...nothing, evaluatedAt }));
  }

  #logErrors({ decisions }: Decided, { tenantId }: Caller): void {
    for (const { reason, error } of decisions) {
      if (reason !== 'EVALUATION_ERROR') continue;
      this.parts.logger.error({ tenantId, err: error }, 'a decision failed, and denies');
    }
  }
}

function mayNotAsk(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'Asking about somebody else takes the permission access:check at the root of the tenant.',
  );
}
