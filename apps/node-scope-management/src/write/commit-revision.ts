import type { Actor } from '@bastion/access';
import { sha256 } from '@bastion/platform';
import { digestAfter, digestOfFacts, type Snapshot } from '@bastion/policy';
import { appendToAudit, chainEntry } from '../audit/index.js';
import type { TenantTransaction } from '../database/app-database.js';
import { advanceCounter, beginEpoch, type TenantCounter } from '../facts/index.js';
import { appendToOutbox, toWire } from '../outbox/index.js';
import { describeChanges } from './describe-changes.js';
import type { WriteOutcome, Writer, WriteRequest, Written } from './write-request.js';

/**
 * The end of every write, in its transaction: the audit entry, and for a write that changes facts
 * the tenant's next revision and its outbox message. A new epoch goes on counting where the one
 * before stood. The transaction must hold the tenant's counter.
 */
export async function commitRevision(
  tx: TenantTransaction,
  write: {
    readonly writer: Writer;
    readonly request: WriteRequest;
    readonly counter: TenantCounter;
    readonly actor: Actor;
    /** Null when the write creates the tenant. */
    readonly before: Snapshot | null;
    readonly written: Written;
    /** Epoch milliseconds. */
    readonly now: number;
  },
): Promise<WriteOutcome & { readonly digest: string; readonly factsDigest: string | null }> {
  const { writer, request, counter, written } = write;
  const { tenantId } = writer;
  const epoch = await epochOf(tx, tenantId, counter, written);
  const changesFacts = written.events.length > 0;
  const revision = changesFacts ? counter.revision + 1 : counter.revision;
  const head = { sequence: counter.auditSequence, hash: counter.auditHash, at: counter.auditAt };
  const link = chainEntry(head, tenantId, write.now, {
    operation: request.operation,
    target: written.id,
    actor: write.actor,
    origin: originOf(writer),
    outcome: 'DONE',
    reason: request.reason ?? null,
    epoch,
    revision,
    changes: describeChanges(write.before, written.events),
    ...(written.details && { details: written.details }),
  });
  await appendToAudit(tx, tenantId, link);
  let { historyDigest, factsDigest } = counter;
  if (changesFacts) {
    factsDigest = factsDigestAfter(counter, write.before, written);
    const position = { tenantId, epoch, revision, committedAt: link.at };
    const message = toWire(
      { ...position, previousDigest: historyDigest, factsDigest },
      written.events,
    );
    historyDigest = message.digest;
    await appendToOutbox(tx, message);
  }
  await advanceCounter(tx, tenantId, {
    epoch,
    revision,
    historyDigest,
    factsDigest,
    auditSequence: link.sequence,
    auditHash: link.hash,
    auditAt: link.at,
  });
  return { id: written.id, epoch, revision, digest: historyDigest, factsDigest };
}

async function epochOf(
  tx: TenantTransaction,
  tenantId: string,
  { epoch }: TenantCounter,
  { begins }: Written,
): Promise<number> {
  if (!begins) return epoch;
  // INVARIANT: epochs rise. Whoever has seen a later one takes an earlier one for a lost history.
  if (begins.epoch <= epoch) throw new Error(`epoch ${begins.epoch} does not follow ${epoch}`);
  await beginEpoch(tx, tenantId, begins);
  return begins.epoch;
}

/** A tenant of before digests existed gets its first by reading all its facts once. */
function factsDigestAfter(
  { factsDigest }: TenantCounter,
  before: Snapshot | null,
  { events, after }: Written,
): string {
  return factsDigest === null
    ? digestOfFacts(after.facts(), sha256)
    : digestAfter(factsDigest, before, after, events, sha256);
}

/** Where a write came from; who wrote is the actor's id to say, never the subject. */
function originOf(writer: Writer): Record<string, string> {
  if ('operator' in writer) return { operator: writer.operator };
  return { issuer: writer.issuer, requestId: writer.requestId };
}
