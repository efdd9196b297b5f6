import { Injectable } from '@nestjs/common';
import type { DigestResponseV1 } from '@bastion/contracts';
import { ApiError, describeError, sha256 } from '@bastion/platform';
import { areComparable, buildSnapshot, digestOfFacts } from '@bastion/policy';
import { AppDatabase } from '../database/app-database.js';
import { loadTenantFacts } from '../facts/index.js';
import { type GatekeeperClient, Gatekeepers } from '../gatekeeper/index.js';

/** A tenant that is written to moves between two readings: then they are read again. */
const ATTEMPTS = 3;

/**
 * How one count of a tenant's facts stands to the owner's. MOVED: it is of another revision. FORKED: of
 * another history at the same revision. UNCOUNTED: one of the two is not known.
 */
export type Verdict = 'SAME' | 'DIFFERS' | 'MOVED' | 'FORKED' | 'UNCOUNTED';

/** One count of a tenant's facts. */
export interface Count {
  readonly who: string;
  readonly epoch: number;
  readonly revision: number;
  readonly digest: string | null;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly tenantId: string;
  /** The owner's own first: its rows against what it has told everybody. */
  readonly counts: readonly Count[];
  /** What could not be asked. */
  readonly errors: readonly string[];
  /** Whether everything was counted, at one revision, and is the same. */
  readonly agrees: boolean;
}

type Point = Omit<Count, 'who' | 'verdict'> & { readonly history: string };

/** Counts a tenant's facts anew wherever they are, and compares. */
@Injectable()
export class CompareDigestsQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly gatekeepers: Gatekeepers,
  ) {}

  /** Rejects with ApiError NOT_FOUND for an unknown tenant. */
  async run(tenantId: string): Promise<Comparison> {
    for (let attempt = 1; ; attempt += 1) {
      const comparison = await this.compare(tenantId);
      const hasMoved = comparison.counts.some(({ verdict }) => verdict === 'MOVED');
      if (!hasMoved || attempt === ATTEMPTS) return comparison;
    }
  }

  private async compare(tenantId: string): Promise<Comparison> {
    const { told, counted } = await this.countOwn(tenantId);
    const counts: Count[] = [judge('owner', counted, told)];
    const errors: string[] = [];
    for (const gatekeeper of this.gatekeepers.all()) {
      const answer = await askDigest(gatekeeper, tenantId);
      if (typeof answer === 'string') {
        errors.push(answer);
        continue;
      }
      const { projection, held } = answer;
      if (projection) {
        const point = { ...named(projection), digest: projection.counted };
        counts.push(judge(`${gatekeeper.url} projection`, point, counted));
      } else {
        errors.push(`${gatekeeper.url} has no projection of the tenant`);
      }
      if (held) {
        const point = { ...named(held), digest: held.factsDigest };
        counts.push(judge(`${gatekeeper.url} memory`, point, counted));
      }
    }
    const agrees = errors.length === 0 && counts.every(({ verdict }) => verdict === 'SAME');
    return { tenantId, counts, errors, agrees };
  }

  /** What the owner has told everybody, and what its rows come to. */
  private async countOwn(tenantId: string): Promise<{ told: Point; counted: Point }> {
    const read = await loadTenantFacts(this.database, tenantId);
    if (!read) throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
    const { epoch, revision, historyDigest: history, factsDigest, facts } = read;
    const point = { epoch, revision, history };
    const counted = digestOfFacts(buildSnapshot(facts).facts(), sha256);
    return { told: { ...point, digest: factsDigest }, counted: { ...point, digest: counted } };
  }
}

function judge(who: string, { history, ...count }: Point, other: Point): Count {
  const { epoch, revision, digest } = count;
  const verdict = (): Verdict => {
    if (epoch !== other.epoch || revision !== other.revision) return 'MOVED';
    if (history !== other.history) return 'FORKED';
    if (!areComparable(digest, other.digest)) return 'UNCOUNTED';
    return digest === other.digest ? 'SAME' : 'DIFFERS';
  };
  return { who, ...count, verdict: verdict() };
}

function named({
  epoch,
  revision,
  digest: history,
}: {
  epoch: number;
  revision: number;
  digest: string;
}) {
  return { epoch, revision, history };
}

async function askDigest(
  gatekeeper: GatekeeperClient,
  tenantId: string,
): Promise<DigestResponseV1 | string> {
  try {
    return await gatekeeper.digest(tenantId);
  } catch (error) {
    return describeError(error).answer.message;
  }
}
