import { GENESIS_DIGEST, type AccessChangedV1 } from '@bastion/contracts';
import { toWire } from '@bastion/node-scope-management/machines';
import { sha256 } from '@bastion/platform';
import {
  applyEvents,
  buildSnapshot,
  digestAfter,
  digestOfFacts,
  EMPTY_FACTS_DIGEST,
  type AccessEvent,
  type Snapshot,
} from '@bastion/policy';

export interface Counter {
  readonly epoch: number;
  readonly revision: number;
  readonly historyDigest: string;
  readonly factsDigest: string | null;
  readonly witnessedEpoch: number | null;
  readonly witnessedRevision: number | null;
}

export interface OutboxRow {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  readonly body: AccessChangedV1;
  readonly sent: boolean;
  /** Drawn when the row is inserted, which is before its commit: no order to go by. */
  readonly sequence: number;
}

/** What a write answered. */
export interface Outcome {
  readonly epoch: number;
  readonly revision: number;
  readonly digest: string;
}

/** Everything the owner has of one tenant. Immutable: a commit puts the next one in its place. */
export interface TenantRows {
  readonly counter: Counter;
  readonly facts: Snapshot;
  /** In order. */
  readonly outbox: readonly OutboxRow[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/**
 * The owner as it is, or as it was before histories had names: its messages carry no digests, and
 * its answers none either.
 */
export type OwnerVersion = 'PRESENT' | 'BEFORE_DIGESTS';

export interface RowsWrite {
  readonly tenantId: string;
  readonly events: readonly AccessEvent[];
  /** The facts that were decided on; what is written lands on the rows as they are. */
  readonly decidedOn: Snapshot | null;
  readonly key: string | null;
  /** Epoch milliseconds. */
  readonly committedAt: number;
  readonly version: OwnerVersion;
  readonly sequence: number;
}

const NOTHING = buildSnapshot({
  tenant: { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 },
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  resources: [],
  roles: [],
  assignments: [],
});

export const NEW_TENANT: TenantRows = {
  counter: {
    epoch: 1,
    revision: 0,
    historyDigest: GENESIS_DIGEST,
    factsDigest: EMPTY_FACTS_DIGEST,
    witnessedEpoch: null,
    witnessedRevision: null,
  },
  facts: NOTHING,
  outbox: [],
  outcomes: new Map(),
};

/** The rows with the tenant's next revision, as `commitRevision` of the owner writes them. */
export function withRevision(rows: TenantRows, write: RowsWrite): TenantRows {
  const { tenantId, events, decidedOn, committedAt, version, key, sequence } = write;
  const { counter } = rows;
  const facts = applyEvents(rows.facts, events);
  const { epoch } = counter;
  const revision = counter.revision + 1;
  const isPresent = version === 'PRESENT';
  const factsDigest = isPresent ? factsDigestAfter(counter, decidedOn, facts, events) : null;
  const body = toWire(
    {
      ...{ tenantId, epoch, revision, committedAt },
      previousDigest: counter.historyDigest,
      factsDigest: factsDigest ?? EMPTY_FACTS_DIGEST,
    },
    events,
  );
  const message = isPresent
    ? body
    : { ...body, previousDigest: GENESIS_DIGEST, digest: GENESIS_DIGEST, factsDigest: null };
  const { digest } = message;
  const row = { tenantId, epoch, revision, body: message, sent: false, sequence };
  const outcome = { epoch, revision, digest };
  return {
    counter: { ...counter, revision, historyDigest: digest, factsDigest },
    facts,
    outbox: [...rows.outbox, row],
    outcomes: key === null ? rows.outcomes : new Map([...rows.outcomes, [key, outcome]]),
  };
}

function factsDigestAfter(
  { factsDigest }: Counter,
  decidedOn: Snapshot | null,
  after: Snapshot,
  events: readonly AccessEvent[],
): string {
  return factsDigest === null
    ? digestOfFacts(after.facts(), sha256)
    : digestAfter(factsDigest, decidedOn, after, events, sha256);
}

/** A new epoch at the same revision; `witnessed` null: nobody was asked. */
export function withEpoch(
  rows: TenantRows,
  epoch: number,
  witnessed: { readonly epoch: number; readonly revision: number } | null,
): TenantRows {
  const witness = {
    witnessedEpoch: witnessed?.epoch ?? null,
    witnessedRevision: witnessed?.revision ?? null,
  };
  return { ...rows, counter: { ...rows.counter, epoch, ...witness } };
}
