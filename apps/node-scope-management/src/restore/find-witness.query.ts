import type { HeadV1, WitnessV1 } from '@bastion/contracts';
import { ApiError, sha256 } from '@bastion/platform';
import { areComparable, digestOfFacts } from '@bastion/policy';
import { Injectable } from '@nestjs/common';
import { ConsumerPositionsQuery } from '../consumer/index.js';
import { AppDatabase } from '../database/app-database.js';
import { type GatekeeperClient, Gatekeepers, type WitnessedFacts } from '../gatekeeper/index.js';
import { readHead } from '../outbox/index.js';
import { type Fork, forkBetween } from './fork.js';
import { HistoryWalk, type Parting } from './history-walk.js';
import { readDigests } from './owner-history.store.js';

/** A witness of a history that the owner has lost. */
export interface FoundWitness {
  /** Of the gatekeeper that bears it. */
  readonly url: string;
  readonly fork: Fork;
  readonly witness: WitnessedFacts;
  /** Null: it cannot be told where the histories part. */
  readonly parting: Parting | null;
  /** What whoever restores should look at before. */
  readonly warnings: readonly string[];
}

/** The owner's head, and the witness that knows most of what it lost; null: it has lost nothing. */
export interface WitnessSearch {
  readonly head: HeadV1;
  readonly found: FoundWitness | null;
}

interface Witness {
  readonly gatekeeper: GatekeeperClient;
  readonly witness: WitnessV1;
}

/** Asks every gatekeeper whether it knows of a history of the tenant that the owner does not have. */
@Injectable()
export class FindWitnessQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly gatekeepers: Gatekeepers,
    private readonly consumers: ConsumerPositionsQuery,
  ) {}

  /**
   * Rejects with ApiError NOT_FOUND for an unknown tenant, UNAVAILABLE while one of the gatekeepers
   * cannot be asked, as it may be the one that knows, and when two of them contradict each other.
   */
  async run(tenantId: string): Promise<WitnessSearch> {
    // INVARIANT: before the owner's head is read. Whoever follows is never ahead of that, so who is
    // ahead has seen another history.
    const witnesses = await this.ask(tenantId);
    const { head, forked } = await this.compare(tenantId, witnesses);
    const [furthest] = forked.sort((a, b) => compare(b.witness, a.witness));
    if (!furthest) return { head, found: null };

    const witness = await furthest.gatekeeper.witnessFacts(tenantId);
    if (!witness) throw movedOn(furthest.gatekeeper.url);
    const parting = await this.walk(tenantId, furthest.gatekeeper, witness);
    for (const other of forked) refuseContradiction(witness, parting, other);
    const { url } = furthest.gatekeeper;
    const warnings = await this.warnings(tenantId, witness, parting);
    return { head, found: { url, fork: furthest.fork, witness, parting, warnings } };
  }

  private async ask(tenantId: string): Promise<Witness[]> {
    const answers = await Promise.all(
      this.gatekeepers
        .all()
        .map(async (gatekeeper) => ({ gatekeeper, witness: await gatekeeper.witness(tenantId) })),
    );
    return answers.flatMap(({ gatekeeper, witness }) => (witness ? [{ gatekeeper, witness }] : []));
  }

  /** Those of the witnesses that know of another history than the owner's. */
  private compare(tenantId: string, witnesses: readonly Witness[]) {
    return this.database.inTenant(tenantId, async (tx) => {
      const head = await readHead(tx);
      if (!head) throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
      const forked: (Witness & { readonly fork: Fork })[] = [];
      for (const each of witnesses) {
        const { point, bar } = each.witness;
        const { revision } = point;
        const { byRevision } = await readDigests(tx, { first: revision, last: revision });
        const fork = forkBetween(head, point, byRevision.get(revision) ?? null, bar);
        if (fork) forked.push({ ...each, fork });
      }
      return { head, forked };
    });
  }

  private async walk(
    tenantId: string,
    gatekeeper: GatekeeperClient,
    { point }: WitnessV1,
  ): Promise<Parting | null> {
    const walk = new HistoryWalk(point);
    for (;;) {
      const page = await gatekeeper.witnessHistory(tenantId, walk.from);
      const range = { first: page.at(-1)?.revision ?? 0, last: page[0]?.revision ?? 0 };
      const owner = await this.database.inTenant(tenantId, (tx) => readDigests(tx, range));
      const walked = walk.take(page, owner);
      if (walked === 'UNKNOWN') return null;
      if (walked !== 'MORE') return walked;
    }
  }

  private async warnings(
    tenantId: string,
    { point, facts, factsDigest }: WitnessedFacts,
    parting: Parting | null,
  ): Promise<string[]> {
    const warnings: string[] = [];
    const counted = digestOfFacts(facts, sha256);
    if (areComparable(factsDigest, counted) && factsDigest !== counted) {
      warnings.push('The facts of the witness are not what its owner said: were its rows edited?');
    }
    if (!parting) {
      warnings.push(
        'The history of the witness does not reach back to what both have: whatever the owner has and the witness has not counts as ended, what was made after the restore too.',
      );
    }
    for (const consumer of await this.consumers.run(tenantId)) {
      const { consumerId, kind, epoch, revision, state } = consumer;
      if (state !== 'FENCED' || epoch !== point.epoch || revision <= point.revision) continue;
      warnings.push(
        `The ${kind.toLowerCase()} ${consumerId} has seen revision ${revision}, which no gatekeeper that was asked has: it stays fenced.`,
      );
    }
    return warnings;
  }
}

function compare({ point: a, source }: WitnessV1, { point: b }: WitnessV1): number {
  const order = a.epoch - b.epoch || a.revision - b.revision;
  // What is in a projection has its history with it.
  return order || (source === 'PROJECTION' ? 1 : -1);
}

/** Two that each know of what the other does not: nobody could follow who applied both. */
function refuseContradiction(
  { point }: WitnessV1,
  parting: Parting | null,
  { gatekeeper, witness: other }: Witness,
): void {
  if (other.point.epoch !== point.epoch) return;
  const { revision, digest } = other.point;
  const known = [point, ...(parting?.lost ?? [])].find((each) => each.revision === revision);
  if (!known || known.digest === digest) return;
  throw new ApiError(
    'UNAVAILABLE',
    `${gatekeeper.url} has seen another revision ${revision} than the others. Name only one installation of gatekeeper in GATEKEEPER_URLS, restore, and give the others a resync.`,
  );
}

function movedOn(url: string): ApiError {
  return new ApiError('UNAVAILABLE', `${url} has forgotten the tenant meanwhile. Run this again.`);
}
