import {
  ACCESS_CHANGED_V1,
  type AccessAppliedV1,
  type AppliedPositionV1,
} from '@bastion/contracts';

/** Tells at most this many positions at a time; the contract's bound. */
const MAX_POSITIONS = 10_000;

export interface AppliedLogOptions {
  readonly consumer: AccessAppliedV1['consumer'];
  /** For how long the consumer may answer from what it has; 0: it answers nothing. */
  readonly leaseMs: number;
}

/**
 * How far this consumer has come with each tenant, as far as it has to be told: by message, soon and
 * perhaps in vain, and with the questions to the owner, until one of them is answered.
 */
export class AppliedLog {
  /** Not yet told by message. */
  readonly #news = new Map<string, AppliedPositionV1>();
  /** Not yet told with a question that was answered. */
  readonly #untold = new Map<string, AppliedPositionV1>();

  /** Called when there is something to tell by message. */
  onNews: () => void = () => undefined;

  constructor(private readonly options: AppliedLogOptions) {}

  note(position: AppliedPositionV1): void {
    this.#untold.set(position.tenantId, position);
    this.#news.set(position.tenantId, position);
    this.onNews();
  }

  /** What is to be told by message, once; null: nothing. */
  takeNews(): AccessAppliedV1 | null {
    const taken = take(this.#news);
    for (const { tenantId } of taken) this.#news.delete(tenantId);
    return taken.length === 0 ? null : this.#say(taken);
  }

  /** Tells with a question what it has not been told yet; it counts as told once that is answered. */
  async tell<Answer>(ask: (applied: AccessAppliedV1) => Promise<Answer>): Promise<Answer> {
    const telling = take(this.#untold);
    const answer = await ask(this.#say(telling));
    for (const position of telling) {
      if (this.#untold.get(position.tenantId) === position) this.#untold.delete(position.tenantId);
    }
    return answer;
  }

  #say(positions: readonly AppliedPositionV1[]): AccessAppliedV1 {
    const { consumer, leaseMs } = this.options;
    return { consumer, accepts: [ACCESS_CHANGED_V1], leaseMs, positions: [...positions] };
  }
}

function take(positions: ReadonlyMap<string, AppliedPositionV1>): AppliedPositionV1[] {
  return [...positions.values()].slice(0, MAX_POSITIONS);
}
