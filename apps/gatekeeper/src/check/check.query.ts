import { ApiError, type Caller, type Clock, type ConsistencyTokens } from '@bastion/platform';
import type { Decision, Reason } from '@bastion/policy';
import type { PinoLogger } from 'nestjs-pino';
import type { SnapshotReader } from '../projection/index.js';
import { readAtLeast } from './at-least.js';
import { answerQuestion, type Question } from './question.js';

/** The answer to a question, and what it was answered from. */
export interface CheckAnswer {
  readonly allowed: boolean;
  readonly reason: Reason;
  /** The assignments that explain it: all that allow, all that deny, or the nearest misses. */
  readonly assignmentIds: readonly string[];
  /** Names the revision it was answered from; null: from none, as nothing was fresh enough. */
  readonly consistencyToken: string | null;
  readonly evaluatedAt: Date;
}

export interface CheckParts {
  readonly reader: Pick<SnapshotReader, 'read' | 'isFresh'>;
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
  readonly logger: Pick<PinoLogger, 'error'>;
}

/** May they? Decided in memory, from one immutable snapshot that is fresh enough, or denied. */
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
   * order. Throws as {@link run} does, if only one of the questions is refused.
   */
  async runAll(
    caller: Caller,
    questions: readonly Question[],
    atLeast: readonly (string | null | undefined)[],
  ): Promise<readonly CheckAnswer[]> {
    const { reader, clock, tokens } = this.parts;
    const { tenantId, subject } = caller;
    const reading = await reader.read(tenantId, readAtLeast(tokens, tenantId, atLeast));
    const evaluatedAt = new Date(clock.now());
    if (reading.kind === 'HISTORY_ENDED') {
      throw new ApiError(
        'INVALID_CONSISTENCY_TOKEN',
        'The consistency token names a history that no longer exists: read or write anew for another.',
      );
    }
    if (reading.kind !== 'PRESENT') {
      const { kind } = reading;
      return questions.map(() => refusal(kind, evaluatedAt));
    }

    const { held } = reading;
    const time = clock.interval();
    const decisions = questions.map((question) => {
      const decision = answerQuestion(held.snapshot, subject, question, time);
      if (decision === 'FORBIDDEN') throw mayNotAsk();
      return this.#logged(decision, caller);
    });
    // INVARIANT: looked at last: however long the process stood still on the way here, nothing leaves
    // it that was decided from a snapshot whose lease is over.
    if (!reader.isFresh(held)) return questions.map(() => refusal('STALE', evaluatedAt));
    const { epoch, revision } = held;
    const consistencyToken = tokens.issue({ tenantId, epoch, revision });
    return decisions.map(({ effect, reason, assignmentIds }) => {
      const allowed = effect === 'ALLOW';
      return { allowed, reason, assignmentIds, consistencyToken, evaluatedAt };
    });
  }

  #logged(decision: Decision, { tenantId }: Caller): Decision {
    if (decision.reason === 'EVALUATION_ERROR') {
      this.parts.logger.error({ tenantId, err: decision.error }, 'a decision failed, and denies');
    }
    return decision;
  }
}

function refusal(reason: 'NO_TENANT' | 'STALE', evaluatedAt: Date): CheckAnswer {
  return { allowed: false, reason, assignmentIds: [], consistencyToken: null, evaluatedAt };
}

function mayNotAsk(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'Asking about somebody else takes the permission access:check at the root of the tenant.',
  );
}
