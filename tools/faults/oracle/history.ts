import { buildSnapshot, type AccessEvent, type Snapshot } from '@bastion/policy';
import { applyNaively, factsOf, NO_FACTS, textOfFacts, type NaiveFacts } from './naive-facts.js';

/** One committed revision, whether the owner still has it or lost it in a restore. */
export interface Revision {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  /** As it was announced. */
  readonly digest: string;
  readonly parent: Revision | null;
  readonly depth: number;
  readonly facts: NaiveFacts;
  /** The facts, to compare with. */
  readonly text: string;
  readonly snapshot: Snapshot;
  /** Virtual milliseconds. */
  readonly committedAt: number;
  /** Of the write; null: it came without. */
  readonly key: string | null;
}

interface Point {
  readonly epoch: number;
  readonly revision: number;
  readonly digest: string;
}

/** From `at` on, this was the tenant's head; null: it did not exist. */
interface Moment {
  readonly at: number;
  readonly head: Revision | null;
}

/** All that was ever committed, and what was the head when: written down by the owner's database. */
export class History {
  /** Told of every revision as it is committed. */
  onCommitted: (revision: Revision) => void = () => undefined;
  readonly #revisions = new Map<string, Revision>();
  readonly #moments = new Map<string, Moment[]>();

  constructor(private readonly now: () => number) {}

  /** `events` null: the same facts under another name, as in a new epoch. */
  committed(
    tenantId: string,
    point: Point,
    events: readonly AccessEvent[] | null,
    key: string | null,
  ): Revision {
    const parent = this.head(tenantId);
    const before = parent?.facts ?? NO_FACTS;
    const facts = events ? applyNaively(before, events) : before;
    const whole = factsOf(facts);
    const made: Revision = {
      tenantId,
      ...point,
      parent,
      depth: (parent?.depth ?? 0) + 1,
      facts,
      text: textOfFacts(whole),
      snapshot: buildSnapshot(whole),
      committedAt: this.now(),
      key,
    };
    this.#revisions.set(nameOf(tenantId, point), made);
    this.#move(tenantId, made);
    this.onCommitted(made);
    return made;
  }

  /** The owner is at an earlier point again; null: before the tenant was. */
  restored(tenantId: string, point: Point | null): void {
    this.#move(tenantId, point ? (this.find(tenantId, point) ?? null) : null);
  }

  tenantIds(): string[] {
    return [...this.#moments.keys()];
  }

  head(tenantId: string): Revision | null {
    return this.#moments.get(tenantId)?.at(-1)?.head ?? null;
  }

  find(tenantId: string, point: Point): Revision | undefined {
    return this.#revisions.get(nameOf(tenantId, point));
  }

  /** What were heads at some moment from `since` until now, the earliest first. */
  headsSince(tenantId: string, since: number): (Revision | null)[] {
    const moments = this.#moments.get(tenantId) ?? [];
    const before = moments.findLastIndex(({ at }) => at <= since);
    return moments.slice(Math.max(0, before)).map(({ head }) => head);
  }

  #move(tenantId: string, head: Revision | null): void {
    const moments = this.#moments.get(tenantId) ?? [];
    this.#moments.set(tenantId, moments);
    moments.push({ at: this.now(), head });
  }
}

/** Whether `later` has everything of `earlier`'s history. */
export function contains(later: Revision, earlier: Revision): boolean {
  let at: Revision | null = later;
  while (at && at.depth > earlier.depth) at = at.parent;
  return at === earlier;
}

/** The last revision that both have. */
export function commonOf(a: Revision, b: Revision): Revision | null {
  let at: Revision | null = a;
  while (at && !contains(b, at)) at = at.parent;
  return at;
}

function nameOf(tenantId: string, { epoch, revision, digest }: Point): string {
  return `${tenantId} ${epoch}/${revision}/${digest}`;
}
