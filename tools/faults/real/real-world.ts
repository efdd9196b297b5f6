import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '@bastion/testing';
import pg from 'pg';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../../stack/temporary-platform.js';
import { Acknowledged, type Pair, questionOf } from './acknowledged.js';
import type { RealRun, RealViolation } from './real-fault.js';

export const LEASE_MS = 2_000;
const USERS = 6;
const SCOPES = 4;
/** A replica that is asked and does not answer is no longer waited for after this, ms. */
const SETTLE_MS = 60_000;

/** What stands between one gatekeeper and what it needs. */
export interface ReplicaLines {
  readonly broker: FaultProxy;
  readonly owner: FaultProxy;
}

/**
 * Two gatekeepers, the owner, a broker and a database, all real, with a proxy in every line that a
 * fault may cut, and two tenants whose rights are given and taken all the time.
 */
export class RealWorld {
  private constructor(
    readonly platform: TemporaryPlatform,
    /** In the order of the replicas. */
    readonly lines: readonly ReplicaLines[],
    readonly tenants: readonly { readonly admin: TenantAdmin; readonly known: Acknowledged }[],
  ) {}

  static async start(): Promise<RealWorld> {
    const lines: ReplicaLines[] = [];
    const platform = await startTemporaryPlatform(() => undefined, {
      replicas: 2,
      environment: {
        gatekeeper: async (own) => {
          const line = {
            broker: await FaultProxy.open({ port: portOf(own['AMQP_URL']!) }),
            owner: await FaultProxy.open({ port: portOf(own['SYNC_OWNER_URL']!) }),
          };
          lines.push(line);
          return {
            AMQP_URL: line.broker.at(own['AMQP_URL']!),
            SYNC_OWNER_URL: line.owner.at(own['SYNC_OWNER_URL']!),
            LEASE_MS: String(LEASE_MS),
            HEADS_INTERVAL_MS: '400',
            PROJECTION_CHECK_INTERVAL_MS: '1000',
            DIGEST_INTERVAL_MS: '2000',
          };
        },
      },
    });
    try {
      const tenants = [];
      for (const id of ['north', 'south']) tenants.push(await furnish(platform, id));
      return new RealWorld(platform, lines, tenants);
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.platform.stop();
    for (const { broker, owner } of this.lines) await Promise.all([broker.close(), owner.close()]);
  }

  /**
   * Lets rights be given and taken while the fault lasts and for a while after, watches every answer,
   * and waits until all replicas answer as acknowledged.
   */
  async suffer(random: () => number, fault: () => Promise<void>): Promise<RealRun> {
    const violations: RealViolation[] = [];
    const revokeMs: number[] = [];
    const over = new AbortController();
    const busy = [
      ...this.tenants.map((tenant) => this.write(tenant, random, revokeMs, over.signal)),
      ...this.tenants.flatMap(({ admin, known }) =>
        admin.gatekeepers.map((_, index) =>
          this.watch(admin, known, index, random, violations, over.signal),
        ),
      ),
    ];
    try {
      await fault();
    } finally {
      over.abort();
      await Promise.all(busy);
    }
    const healedAt = performance.now();
    violations.push(...(await this.untilSettled()));
    return { violations, recoveryMs: performance.now() - healedAt, revokeMs };
  }

  /** Runs statements as the superuser of one of the two databases. */
  async sql(
    which: 'scopeManagement' | 'gatekeeper',
    text: string,
    values: unknown[] = [],
  ): Promise<pg.QueryResult> {
    const client = await this.superuser(which);
    try {
      return await client.query(text, values);
    } finally {
      await client.end();
    }
  }

  async superuser(which: 'scopeManagement' | 'gatekeeper'): Promise<pg.Client> {
    const { postgres, databases } = this.platform.stack;
    const url = new URL(postgres!.superuserUrl);
    const ofRole =
      which === 'gatekeeper'
        ? databases.gatekeeper.gatekeeper_app
        : databases.scopeManagement.scope_management_app;
    url.pathname = new URL(ofRole).pathname;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return client;
  }

  private async write(
    { admin, known }: { readonly admin: TenantAdmin; readonly known: Acknowledged },
    random: () => number,
    revokeMs: number[],
    over: AbortSignal,
  ): Promise<void> {
    while (!over.aborted) {
      const pair = known.pairs[Math.floor(random() * known.pairs.length)]!;
      if ((await known.toggle(pair)) === 'REVOKED' && random() < 0.3) {
        const revokedAt = performance.now();
        const denied = admin.gatekeepers.map((_, index) => this.denied(admin, index, pair, over));
        if ((await Promise.all(denied)).every(Boolean))
          revokeMs.push(performance.now() - revokedAt);
      }
      await sleep(20);
    }
  }

  /** Whether a replica denied before the end; asked without a token, as most checks are. */
  private async denied(
    admin: TenantAdmin,
    index: number,
    pair: Pair,
    over: AbortSignal,
  ): Promise<boolean> {
    while (!over.aborted) {
      const answer = await ask(admin, index, pair);
      if (answer && !answer.allowed) return true;
      await sleep(5);
    }
    return false;
  }

  /** INVARIANT of every fault: no allow from state older than the lease, or than what is asked for. */
  private async watch(
    admin: TenantAdmin,
    known: Acknowledged,
    index: number,
    random: () => number,
    violations: RealViolation[],
    over: AbortSignal,
  ): Promise<void> {
    while (!over.aborted) {
      const pair = known.pairs[Math.floor(random() * known.pairs.length)]!;
      const token = random() < 0.5 ? known.tokenOf(pair) : undefined;
      const askedAt = performance.now();
      const revokedBefore = known.revokedFor(pair, askedAt);
      const answer = await ask(admin, index, pair, token);
      const revokedStill = known.revokedFor(pair, askedAt);
      const allowedFor = Math.min(revokedBefore, revokedStill);
      if (answer?.allowed && allowedFor >= 0) {
        const where = `replica ${index + 1} of ${admin.tenantId}`;
        if (token !== undefined) {
          const what = `${where} allowed what was revoked at the token it was asked with`;
          violations.push({ kind: 'STALE_ALLOW', what });
        } else if (allowedFor > LEASE_MS) {
          const what = `${where} allowed ${allowedFor.toFixed(0)} ms after the revocation`;
          violations.push({ kind: 'STALE_ALLOW', what });
        }
      }
      await sleep(10);
    }
  }

  /** What still differs once everything had time to settle: lost, or allowed by nothing. */
  private async untilSettled(): Promise<RealViolation[]> {
    const giveUpAt = performance.now() + SETTLE_MS;
    for (;;) {
      const differences = await this.differences();
      if (differences.length === 0 || performance.now() > giveUpAt) return differences;
      await sleep(100);
    }
  }

  private async differences(): Promise<RealViolation[]> {
    const differences: RealViolation[] = [];
    for (const { admin, known } of this.tenants) {
      for (const [index, gatekeeper] of admin.gatekeepers.entries()) {
        const answers = await gatekeeper.checkMany(known.pairs.map(questionOf));
        known.pairs.forEach((pair, at) => {
          const expected = known.isGranted(pair);
          const answer = answers[at]!;
          if (answer.allowed === expected) return;
          const how = expected ? 'lost a grant' : 'kept a revoked right';
          const what = `replica ${index + 1} of ${admin.tenantId} ${how}: ${answer.reason}`;
          differences.push({ kind: expected ? 'UNHEALED' : 'LOST', what });
        });
      }
    }
    return differences;
  }
}

/** The answer of one replica; undefined: it gave none, which is no answer to hold against it. */
async function ask(admin: TenantAdmin, index: number, pair: Pair, token?: string) {
  try {
    return await admin.gatekeepers[index]!.checkOnce(questionOf(pair), token);
  } catch {
    // Its process is stopped, cut off or just starting; what it says once it is back counts.
    return undefined;
  }
}

async function furnish(platform: TemporaryPlatform, id: string) {
  const admin = await platform.createTenant(id);
  const pairs: Pair[] = [];
  const userIds: string[] = [];
  for (let user = 0; user < USERS; user += 1) {
    userIds.push((await admin.api.createUser(`${id}-${user}`, `${id}|${user}`)).id);
  }
  for (let scope = 0; scope < SCOPES; scope += 1) {
    const made = await admin.api.createScope(`Scope ${scope}`, 'folder', admin.rootScopeId);
    pairs.push(...userIds.map((userId) => ({ userId, scopeId: made.id })));
  }
  return { admin, known: new Acknowledged(admin, pairs) };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
