import { GENESIS_DIGEST, type AccessChangedV1 } from '@bastion/contracts';
import type { CheckAnswer, HeldTenant } from '@bastion/gatekeeper/machines';
import type { Plan } from '@bastion/access';
import type { OutboxPosition } from '@bastion/node-scope-management/machines';
import { canonicalJson } from '@bastion/platform';
import { decide, type AccessEvent, type Snapshot } from '@bastion/policy';
import type { Message } from '../broker/broker-queue.js';
import { isOf } from '../company/first-revision.js';
import {
  factsOfRows,
  pointOf,
  type CommitKind,
  type ProjectedTenant,
} from '../gatekeeper/projection-database.js';
import { BEGINNING, type Life } from '../simulation/process.js';
import type { VirtualTime } from '../simulation/virtual-time.js';
import { contains, type History, type Revision } from './history.js';
import { textOfFacts } from './naive-facts.js';
import type { Violation, ViolationKind } from './violation.js';

/**
 * How far a clock may be off and still be trusted, in uncertainties: its own, the owner's whom it is
 * compared with, and that of the jump which is just not noticed.
 */
const MOST_UNCERTAINTIES = 3;
const SLACK = [0, -1, 1, -2, 2, -MOST_UNCERTAINTIES, MOST_UNCERTAINTIES];

/** A question that was asked, and of whom. */
export interface Asked {
  readonly process: string;
  /** When the process began with it, ms. */
  readonly at: number;
  readonly tenantId: string;
  readonly principalId: string;
  readonly permission: string;
  readonly scopeId: string;
  /** The revision of an acknowledged write that the answer must contain. */
  readonly atLeast: Revision | undefined;
}

/** What an answer was made from, and since when the process held it. */
export interface AnsweredFrom {
  readonly held: HeldTenant;
  readonly since: number;
}

export interface JudgeParts {
  readonly time: VirtualTime;
  readonly history: History;
  readonly leaseMs: number;
  readonly uncertaintyMs: number;
}

/** Looks at everything that is answered, committed, acknowledged or marked, and knows better. */
export class Judge {
  readonly violations: Violation[] = [];
  answers = 0;
  allows = 0;
  /** Projections whose rows somebody changed by hand, and nobody has replaced yet. */
  readonly tampered = new Set<string>();
  readonly #heldAsCommitted = new WeakMap<Snapshot, Map<string, Revision | null>>();
  readonly #confirmed = new Set<string>();
  /** By process and tenant: the latest revision that was answered from, and when for the first time. */
  readonly #lastAnswered = new Map<string, { readonly revision: Revision; readonly at: number }>();
  /** Digests of what a process acknowledged while the projection had it not. */
  readonly #owed = new WeakMap<Life, Set<string>>();

  constructor(private readonly parts: JudgeParts) {}

  report(kind: ViolationKind, what: string): void {
    const { time } = this.parts;
    time.trace.note(time.now, `VIOLATION ${kind}: ${what}`);
    this.violations.push({ kind, what, at: Math.round(time.now) });
  }

  /** An answer left a process, made from what it held. */
  answered(asked: Asked, from: AnsweredFrom | undefined, answer: CheckAnswer): void {
    this.answers += 1;
    const held = from?.held;
    const { process, tenantId } = asked;
    const question = `${process}: ${asked.principalId} ${asked.permission} on ${asked.scopeId}`;
    if (!answer.allowed) {
      if (held && !answer.stale) this.#denied(asked, held, answer, question);
      return;
    }
    this.allows += 1;
    if (!held) {
      this.report('PHANTOM', `${question} allowed from nothing`);
      return;
    }
    const about = `${question} allowed from ${nameOf(held)}`;
    const revision = this.revisionOf(tenantId, held, about);
    if (!revision) return;
    this.#lookForStepBack(asked, revision, about);
    if (!this.#isAllowedAbout(BEGINNING + this.parts.time.now, revision, asked)) {
      this.report('PHANTOM', `${about}, which denies it`);
    }
    const { staleMode, maxStaleMs } = held.snapshot.tenant;
    if (answer.stale && staleMode !== 'SERVE') this.report('STALE_ALLOW', `${about}, stale`);
    const bound = answer.stale ? maxStaleMs : this.parts.leaseMs;
    if (!this.#wasCurrent(revision, bound, from)) {
      this.report('STALE_ALLOW', `${about}, older than ${bound} ms`);
    }
    const { atLeast } = asked;
    if (atLeast && this.#isInForce(atLeast) && !contains(revision, atLeast)) {
      this.report('STALE_ALLOW', `${about}, asked for ${nameOf(atLeast)}`);
    }
  }

  /** The committed revision that is held; reported when what is held is no such thing. */
  revisionOf(tenantId: string, held: HeldTenant, about: string): Revision | null {
    const name = nameOf(held);
    const known = this.#heldAsCommitted.get(held.snapshot) ?? new Map<string, Revision | null>();
    this.#heldAsCommitted.set(held.snapshot, known);
    const before = known.get(name);
    if (before !== undefined) return before;
    const revision = this.#compare(tenantId, held, textOfFacts(held.snapshot.facts()), about);
    known.set(name, revision);
    return revision;
  }

  /** A write was decided; `replan` decides it again on the facts right before it. */
  decided(
    tenantId: string,
    events: readonly AccessEvent[],
    replan: (before: Snapshot) => Plan,
  ): void {
    const head = this.parts.history.head(tenantId);
    if (!head) return;
    const plan = replan(head.snapshot);
    if (!plan.ok || canonicalJson(plan.events) !== canonicalJson(events)) {
      this.report('NOT_SERIAL', `a write of ${tenantId} after ${nameOf(head)}`);
    }
  }

  confirmed({ id }: Message): void {
    this.#confirmed.add(id);
  }

  marked({ tenantId, epoch, revision }: OutboxPosition): void {
    const id = `${tenantId}/${epoch}/${revision}`;
    if (!this.#confirmed.has(id)) this.report('UNCONFIRMED', `${id} is marked as sent`);
  }

  acknowledged({ body }: Message, life: Life, projected: ProjectedTenant | undefined): void {
    const change = body as Partial<AccessChangedV1> | null;
    if (change?.kind !== 'CHANGES' || !change.digest || !change.epoch || !change.revision) return;
    // Changes of before digests all bear the same name.
    if (change.digest === GENESIS_DIGEST) return;
    const cursor = projected?.cursor;
    const { epoch, revision } = change;
    const isThere =
      cursor && (cursor.epoch !== epoch ? cursor.epoch > epoch : cursor.revision >= revision);
    if (isThere) return;
    const owed = this.#owed.get(life) ?? new Set();
    this.#owed.set(life, owed.add(change.digest));
  }

  /** The projection was committed anew, by that process. */
  projected(
    tenantId: string,
    kind: CommitKind,
    before: ProjectedTenant | undefined,
    after: ProjectedTenant,
    life: Life,
  ): void {
    if (kind === 'OTHER') return;
    const about = `the projection of ${tenantId} at ${nameOf(after.cursor)}`;
    if (kind === 'REPLACE' || this.isAsCommitted(tenantId, after)) this.tampered.delete(tenantId);
    if (!this.tampered.has(tenantId)) {
      const text = textOfFacts(factsOfRows(after.rows));
      const revision = this.#compare(tenantId, pointOf(after.cursor), text, about);
      const from = before && this.parts.history.find(tenantId, before.cursor);
      if (revision && from && kind !== 'REPLACE' && !contains(revision, from)) {
        this.report('REVISION', `${about} does not follow ${nameOf(from)}`);
      }
    }
    if (before && isEarlier(after.cursor, before.cursor)) {
      this.report('REVISION', `${about} went back from ${nameOf(before.cursor)}`);
    }
    if (kind === 'FOLLOW' && before?.cursor.bar?.state !== 'FENCED') {
      this.#lookForOwed(before, after, life);
    }
  }

  /** Whether the rows are those of the revision at which they stand. */
  isAsCommitted(tenantId: string, { cursor, rows }: ProjectedTenant): boolean {
    const revision = this.parts.history.find(tenantId, cursor);
    return revision?.text === textOfFacts(factsOfRows(rows));
  }

  #lookForOwed(before: ProjectedTenant | undefined, after: ProjectedTenant, life: Life): void {
    for (const { digest } of after.history.slice(before?.history.length ?? 0)) {
      if (!this.#owed.get(life)?.delete(digest)) continue;
      const { epoch, revision } = after.cursor;
      this.report('SETTLED_EARLY', `acknowledged before its commit, up to ${epoch}:${revision}`);
    }
  }

  #denied(asked: Asked, held: HeldTenant, answer: CheckAnswer, question: string): void {
    if (answer.consistencyToken === null) return;
    const revision = this.revisionOf(asked.tenantId, held, question);
    if (!revision) return;
    const now = BEGINNING + this.parts.time.now;
    const slack = (MOST_UNCERTAINTIES + 1) * this.parts.uncertaintyMs;
    const time = { earliest: now - slack, latest: now + slack };
    if (decide(revision.snapshot, { ...asked, time }).effect === 'ALLOW') {
      this.report('WRONG_DENY', `${question} denied from ${nameOf(held)}: ${answer.reason}`);
    }
  }

  #compare(
    tenantId: string,
    point: { readonly epoch: number; readonly revision: number; readonly digest: string },
    text: string,
    about: string,
  ): Revision | null {
    const revision = this.parts.history.find(tenantId, point);
    if (revision?.text === text) return revision;
    const ids = text.match(/"id":"[^"]*"/g) ?? [];
    const foreign = ids.find((id) => !isOf(tenantId, id.slice('"id":"'.length)));
    if (foreign !== undefined) this.report('CROSS_TENANT', `${about} has ${foreign}`);
    else if (!revision) this.report('PHANTOM', `${about}: there never was such a revision`);
    else this.report('PHANTOM', `${about}: not what was committed`);
    return null;
  }

  /**
   * Whether the revision had all that the owner had at some moment of the last `bound` ms, and was a
   * part of its history then or later. One that is not may only have come by message, after the last
   * question that was answered had left: it continues what the owner had, and may well be committed.
   */
  #wasCurrent(revision: Revision, bound: number, { held, since }: AnsweredFrom): boolean {
    const { history, time } = this.parts;
    const heads = history.headsSince(revision.tenantId, time.now - bound);
    const first = heads.findIndex((head) => head !== null && contains(revision, head));
    if (first < 0) return false;
    const isPart = heads.slice(first).some((head) => head !== null && contains(head, revision));
    return isPart || since >= held.confirmedAt;
  }

  /** Whoever asks a process one after the other never gets an answer from before the last. */
  #lookForStepBack({ process, tenantId, at }: Asked, revision: Revision, from: string): void {
    const name = `${process} ${tenantId}`;
    const last = this.#lastAnswered.get(name);
    const isBack = last && !contains(revision, last.revision) && this.#isInForce(last.revision);
    if (isBack && at > last.at) {
      this.report('REVISION', `${from}, after ${nameOf(last.revision)} was answered from`);
    }
    if (!isBack && last?.revision !== revision)
      this.#lastAnswered.set(name, { revision, at: this.parts.time.now });
  }

  /** Allowed at some moment that a clock which is trusted may take for the present. */
  #isAllowedAbout(now: number, { snapshot }: Revision, asked: Asked): boolean {
    const { uncertaintyMs } = this.parts;
    return SLACK.some((off) => {
      const moment = now + off * uncertaintyMs;
      const time = { earliest: moment, latest: moment };
      return decide(snapshot, { ...asked, time }).effect === 'ALLOW';
    });
  }

  #isInForce(revision: Revision): boolean {
    const head = this.parts.history.head(revision.tenantId);
    return head !== null && contains(head, revision);
  }
}

export function nameOf(point: {
  readonly epoch: number;
  readonly revision: number;
  readonly digest: string;
}): string {
  return `${point.epoch}:${point.revision} (${point.digest.slice(0, 6)})`;
}

function isEarlier(
  a: { readonly epoch: number; readonly revision: number },
  b: { readonly epoch: number; readonly revision: number },
): boolean {
  return a.epoch !== b.epoch ? a.epoch < b.epoch : a.revision < b.revision;
}
