import { stoppable, type Caller, type Clock } from '@bastion/platform';
import { msUntilNextChange } from '@bastion/policy';
import { Asker, type Check, type CheckAnswer, type CheckQuery } from '../check/index.js';
import type { Reading, SnapshotReader } from '../projection/index.js';

export interface CheckChangesParts {
  readonly check: Pick<CheckQuery, 'run' | 'answerFrom'>;
  readonly reader: Pick<SnapshotReader, 'look' | 'standsFor'>;
  readonly clock: Clock;
}

/** How soon it is looked again where nothing can be answered, ms. */
const LOOK_AGAIN_MS = 1_000;

/**
 * May they, and when does that change? Answers now, and again whenever the answer is another one: by a
 * change of facts, by the beginning or the end of a grant, and when this replica no longer knows or knows
 * again. Each answer is what a check would have said at that moment.
 */
export class CheckChangesQuery {
  constructor(private readonly parts: CheckChangesParts) {}

  /** Throws, by the next value, as `CheckQuery.run` does, also once the asker may ask no more. */
  run(caller: Caller, check: Check): AsyncIterableIterator<CheckAnswer> {
    return stoppable((signal) => this.#answers(caller, check, signal));
  }

  async *#answers(caller: Caller, check: Check, signal: AbortSignal) {
    const { reader } = this.parts;
    let said = await this.parts.check.run(caller, check);
    yield said;
    while (!signal.aborted) {
      const { reading, changed } = reader.look(caller.tenantId);
      const answer = this.parts.check.answerFrom(reading, caller, check);
      if (isSame(said, answer)) {
        await changed(this.#msUntilOther(reading, caller, check), signal);
      } else {
        said = answer;
        yield said;
      }
    }
  }

  /** For how long the answer stays as it is while no fact changes. */
  #msUntilOther(reading: Reading, caller: Caller, { question }: Check): number {
    const { reader, clock } = this.parts;
    if (reading.kind !== 'PRESENT') return LOOK_AGAIN_MS;
    const { held } = reading;
    const time = clock.interval();
    const asker = new Asker(held.snapshot, caller, time);
    const principalIds = [{ by: 'CALLER' } as const, question.principal, ...question.actors]
      .map((reference) => asker.whomNames(reference).principalId)
      .filter((id) => id !== undefined);
    const ms = msUntilNextChange(held.snapshot, principalIds, time);
    return Math.min(ms, reader.standsFor(held));
  }
}

function isSame(a: CheckAnswer, b: CheckAnswer): boolean {
  return (
    a.allowed === b.allowed &&
    a.reason === b.reason &&
    a.stale === b.stale &&
    a.deniedPrincipalId === b.deniedPrincipalId &&
    a.assignmentIds.join() === b.assignmentIds.join()
  );
}
