import { ApiError, type Caller, type Clock, type ConsistencyTokens } from '@bastion/platform';
import { decide, decideStale, type Reason } from '@bastion/policy';
import type { PinoLogger } from 'nestjs-pino';
import type { Admission } from '../admission/index.js';
import type { HeldTenant, Reading, SnapshotReader } from '../projection/index.js';
import { Asker, type Decide } from './asker.js';
import { readAtLeast } from './at-least.js';
import { mayNotAsk } from './may-not-ask.js';
import { answerQuestion, type Question, type QuestionDecision } from './question.js';
import { whenThere, type Soon } from './soon.js';

/** A question, and from when on it is answered. */
export interface Check {
  readonly question: Question;
  /** A consistency token: answered from that revision or a later one, or STALE. */
  readonly atLeast?: string | null | undefined;
}

/** The answer to a question, and what it was answered from. */
export interface CheckAnswer {
  readonly allowed: boolean;
  readonly reason: Reason;
  /** The assignments that explain it: all that allow, all that deny, or the nearest misses. */
  readonly assignmentIds: readonly string[];
  /** Who of the chain was denied; null: nobody, or nobody that the tenant knows. */
  readonly deniedPrincipalId: string | null;
  /** Names the revision it was answered from; null: from none, as nothing was fresh enough. */
  readonly consistencyToken: string | null;
  /** Decided from facts that may be outdated, as the tenant wants it in an outage. */
  readonly stale: boolean;
  readonly evaluatedAt: Date;
}

export interface CheckParts {
  readonly reader: Pick<SnapshotReader, 'read' | 'standingOf'>;
  readonly admission: Pick<Admission, 'admitQuestions'>;
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
  readonly logger: Pick<PinoLogger, 'error'>;
}

/** One of several things, or why it was refused. */
export type OrRefused<T> = T | ApiError;

interface Decided {
  readonly decisions: readonly OrRefused<QuestionDecision>[];
  readonly evaluatedAt: Date;
}

/**
 * May they? Decided in memory, from one immutable snapshot that is fresh enough, or denied; if it is
 * not, and the tenant wants to be served then, what is not privileged is still decided, and marked.
 */
export class CheckQuery {
  constructor(private readonly parts: CheckParts) {}

  /**
   * @throws ApiError FORBIDDEN for a question about somebody else that the caller may not ask;
   *   INVALID_CONSISTENCY_TOKEN; UNAVAILABLE when there is too much to do
   */
  async run(caller: Caller, check: Check): Promise<CheckAnswer> {
    const [answer] = await this.runAll(caller, [check]);
    if (!answer) throw new Error('A question without an answer');
    return answer;
  }

  /**
   * All questions answered from one revision, which is no earlier than any of those named, in their
   * order, and either all of them stale or none. Throws as {@link run} does, if only one of the
   * questions is refused.
   */
  async runAll(caller: Caller, checks: readonly Check[]): Promise<readonly CheckAnswer[]> {
    const answers = await this.runEach(caller, checks);
    return answers.map((answer) => {
      if (answer instanceof ApiError) throw answer;
      return answer;
    });
  }

  /**
   * As {@link runAll}, but what is refused, here or before, is so by itself: the refusal stands where
   * the answer would.
   *
   * @throws ApiError INVALID_CONSISTENCY_TOKEN when no revision can satisfy all tokens: their
   *   histories differ, or theirs no longer exists; UNAVAILABLE when there is too much to do
   */
  async runEach(
    caller: Caller,
    given: readonly OrRefused<Check>[],
  ): Promise<readonly OrRefused<CheckAnswer>[]> {
    return this.answerEach(caller, given);
  }

  /** As {@link runEach}, at once where nothing has to be waited for; what is thrown then is so at once too. */
  answerEach(
    caller: Caller,
    given: readonly OrRefused<Check>[],
  ): Soon<readonly OrRefused<CheckAnswer>[]> {
    const { reader, admission, tokens } = this.parts;
    const { tenantId } = caller;
    admission.admitQuestions(tenantId, given.length);
    const checks = mapGood(given, (check) => this.#refuseForeignToken(check, tenantId));
    const named = checks.map((check) => (check instanceof ApiError ? null : check.atLeast));
    const reading = reader.read(tenantId, readAtLeast(tokens, tenantId, named));
    return whenThere(reading, (read) => this.#answerFrom(read, caller, checks));
  }

  /** The answer from a reading, for those who look again and again. Throws as {@link run} does. */
  answerFrom(reading: Reading, caller: Caller, check: Check): CheckAnswer {
    const [answer] = this.#answerFrom(reading, caller, [check]);
    if (!answer) throw new Error('A question without an answer');
    if (answer instanceof ApiError) throw answer;
    return answer;
  }

  #answerFrom(
    reading: Reading,
    caller: Caller,
    checks: readonly OrRefused<Check>[],
  ): readonly OrRefused<CheckAnswer>[] {
    const { reader } = this.parts;
    if (reading.kind === 'HISTORY_ENDED') {
      throw new ApiError(
        'INVALID_CONSISTENCY_TOKEN',
        'The consistency token names a history that no longer exists: read or write anew for another.',
      );
    }
    if (reading.kind !== 'PRESENT') return this.#denyAll(checks, reading.kind);

    const { held } = reading;
    const fresh = this.#decideAll(held, caller, checks, decide);
    this.#logErrors(fresh, caller);
    // INVARIANT: looked at last: however long the process stood still on the way here, nothing leaves
    // it that was decided from a snapshot whose lease is over.
    const standing = reader.standingOf(held);
    if (standing === 'FRESH') return this.#answerAll(held, caller, fresh, false);
    if (standing === 'SERVABLE') {
      const stale = this.#decideAll(held, caller, checks, decideStale);
      // INVARIANT: looked at last here too: the tenant bounds for how long it is served this way.
      if (reader.standingOf(held) !== 'STALE') return this.#answerAll(held, caller, stale, true);
    }
    return this.#denyAll(checks, 'STALE');
  }

  #refuseForeignToken(check: Check, tenantId: string): OrRefused<Check> {
    try {
      readAtLeast(this.parts.tokens, tenantId, [check.atLeast]);
      return check;
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  #decideAll(
    { snapshot }: HeldTenant,
    caller: Caller,
    checks: readonly OrRefused<Check>[],
    decideOne: Decide,
  ): Decided {
    const { clock } = this.parts;
    const evaluatedAt = new Date(clock.now());
    const asker = new Asker(snapshot, caller, clock.interval(), decideOne);
    const decisions = mapGood(checks, ({ question }) => {
      const decision = answerQuestion(asker, question);
      return decision === 'FORBIDDEN' ? mayNotAsk() : decision;
    });
    return { decisions, evaluatedAt };
  }

  #answerAll(
    { epoch, revision, digest }: HeldTenant,
    { tenantId }: Caller,
    { decisions, evaluatedAt }: Decided,
    stale: boolean,
  ): readonly OrRefused<CheckAnswer>[] {
    const consistencyToken = this.parts.tokens.issue({ tenantId, epoch, revision, digest });
    return mapGood(decisions, ({ effect, reason, assignmentIds, deniedPrincipalId }) => {
      const allowed = effect === 'ALLOW';
      return {
        allowed,
        reason,
        assignmentIds,
        deniedPrincipalId,
        consistencyToken,
        stale,
        evaluatedAt,
      };
    });
  }

  /** Answers that were decided from nothing. */
  #denyAll(
    checks: readonly OrRefused<Check>[],
    reason: 'NO_TENANT' | 'STALE' | 'QUARANTINED',
  ): readonly OrRefused<CheckAnswer>[] {
    const answer: CheckAnswer = {
      allowed: false,
      reason,
      assignmentIds: [],
      deniedPrincipalId: null,
      consistencyToken: null,
      stale: false,
      evaluatedAt: new Date(this.parts.clock.now()),
    };
    return mapGood(checks, () => answer);
  }

  #logErrors({ decisions }: Decided, { tenantId }: Caller): void {
    for (const decision of decisions) {
      if (decision instanceof ApiError || decision.reason !== 'EVALUATION_ERROR') continue;
      this.parts.logger.error({ tenantId, err: decision.error }, 'a decision failed, and denies');
    }
  }
}

/** What is refused stays so. */
function mapGood<A, B>(
  all: readonly OrRefused<A>[],
  next: (good: A) => OrRefused<B>,
): readonly OrRefused<B>[] {
  return all.map((each) => (each instanceof ApiError ? each : next(each)));
}
