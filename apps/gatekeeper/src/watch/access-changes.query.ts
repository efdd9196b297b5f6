import {
  ApiError,
  stoppable,
  type Caller,
  type Clock,
  type ConsistencyTokens,
} from '@bastion/platform';
import { msUntilNextChange, type ChangedFact } from '@bastion/policy';
import type { Admission } from '../admission/index.js';
import { Asker, mayNotAsk, readAtLeast } from '../check/index.js';
import { comparePositions, type HistoryPoint, type Position } from '../owner/index.js';
import type { AtLeast, HeldTenant, Look, SnapshotReader } from '../projection/index.js';

/** One revision that checks are answered from by now; the first says where it begins. */
export interface AccessChange extends Position {
  readonly consistencyToken: string;
  /** null: of the first. */
  readonly committedAt: Date | null;
  readonly changes: readonly ChangedFact[];
}

export interface AccessChangesParts {
  readonly reader: Pick<
    SnapshotReader,
    'read' | 'look' | 'standingOf' | 'standsFor' | 'changesAfter'
  >;
  readonly admission: Pick<Admission, 'admitQuestions'>;
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
}

/** What has changed in a tenant, revision by revision, as this replica comes to enforce it. */
export class AccessChangesQuery {
  constructor(private readonly parts: AccessChangesParts) {}

  /**
   * @param since a consistency token: what came after it; without one what comes from now on
   *
   * Throws, by the next value, ApiError FORBIDDEN once the caller may not ask about others;
   * CURSOR_EXPIRED when revisions in between are not kept here; INVALID_CONSISTENCY_TOKEN;
   * UNAVAILABLE when there is too much to do.
   */
  run(caller: Caller, since: string | null | undefined): AsyncIterableIterator<AccessChange> {
    return stoppable((signal) => this.#changes(caller, since, signal));
  }

  async *#changes(caller: Caller, since: string | null | undefined, signal: AbortSignal) {
    const { reader, admission, tokens } = this.parts;
    const { tenantId } = caller;
    admission.admitQuestions(tenantId, 1);
    const sought = readAtLeast(tokens, tenantId, [since]);
    const { kind } = await reader.read(tenantId, sought);
    if (kind === 'HISTORY_ENDED') throw historyEnded();

    let at: HistoryPoint | undefined;
    while (!signal.aborted) {
      const look = reader.look(tenantId);
      // INVARIANT: asked anew before every value: however long the last one lay unread, nothing is told
      // to whom nothing may be told any more.
      const held = this.#heldFor(look, caller);
      const next = held && this.#next(tenantId, held, at, sought);
      if (!next) await look.changed(this.#msUntilOther(held, caller), signal);
      else {
        at = next.at;
        yield { ...next.change, consistencyToken: tokens.issue({ tenantId, ...at }) };
      }
    }
  }

  /** What is held and fresh; undefined: nothing is, which may pass. */
  #heldFor({ reading }: Look, caller: Caller): HeldTenant | undefined {
    const { reader, clock } = this.parts;
    if (reading.kind === 'NO_TENANT') throw mayNotAsk();
    if (reading.kind !== 'PRESENT') return undefined;
    const { held } = reading;
    const right = new Asker(held.snapshot, caller, clock.interval()).rightToAskAboutOthers();
    // INVARIANT: looked at after the decision, as a process may be stopped for any time in between.
    if (reader.standingOf(held) !== 'FRESH') return undefined;
    if (right?.effect !== 'ALLOW') throw mayNotAsk();
    return held;
  }

  /** What to say next, and where that leads; undefined: nothing has changed. */
  #next(
    tenantId: string,
    held: HeldTenant,
    at: HistoryPoint | undefined,
    sought: AtLeast | undefined,
  ):
    | { readonly at: HistoryPoint; readonly change: Omit<AccessChange, 'consistencyToken'> }
    | undefined {
    if (!at) {
      const point = sought ? this.#pointOf(tenantId, held, sought) : held;
      const { epoch, revision, digest } = point;
      return {
        at: { epoch, revision, digest },
        change: { epoch, revision, committedAt: null, changes: [] },
      };
    }
    if (comparePositions(at, held) === 0 && at.digest === held.digest) return undefined;
    const [change] = this.parts.reader.changesAfter(tenantId, at) ?? [];
    if (!change) throw expired();
    const { epoch, revision, digest, committedAt, facts } = change;
    return {
      at: { epoch, revision, digest },
      change: { epoch, revision, committedAt: new Date(committedAt), changes: facts },
    };
  }

  /** The point that a token names, if all that came after it can be told. */
  #pointOf(tenantId: string, held: HeldTenant, { digest, ...position }: AtLeast): HistoryPoint {
    const isHere = comparePositions(position, held) === 0;
    const point = { ...position, digest: digest ?? (isHere ? held.digest : '') };
    const isKept = this.parts.reader.changesAfter(tenantId, point) !== undefined;
    if (isKept || (isHere && point.digest === held.digest)) return point;
    throw expired();
  }

  /** For how long the caller may watch, and what is held stands, while no fact changes. */
  #msUntilOther(held: HeldTenant | undefined, { subject }: Caller): number {
    const { reader, clock } = this.parts;
    if (!held) return LOOK_AGAIN_MS;
    const principal = held.snapshot.principalBySubject(subject);
    const ids = principal ? [principal.id] : [];
    const ms = msUntilNextChange(held.snapshot, ids, clock.interval());
    return Math.min(ms, reader.standsFor(held));
  }
}

/** How soon it is looked again where nothing can be told, ms. */
const LOOK_AGAIN_MS = 1_000;

function expired(): ApiError {
  return new ApiError(
    'CURSOR_EXPIRED',
    'Not every change since then is kept here: read anew what is shown, and watch from there.',
  );
}

function historyEnded(): ApiError {
  return new ApiError(
    'INVALID_CONSISTENCY_TOKEN',
    'The consistency token names a history that no longer exists: read anew what is shown.',
  );
}
