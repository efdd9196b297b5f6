import type {
  AccessAppliedV1,
  ChangesResponseV1,
  HeadsResponseV1,
  HeadV1,
  SnapshotResponseV1,
} from '@bastion/contracts';
import { GENESIS_DIGEST } from '@bastion/contracts';
import { contiguousRange, headOf } from '@bastion/node-scope-management/machines';
import { factsToWire } from '@bastion/platform';
import {
  SyncInvalidAnswerError,
  SyncRefusedError,
  SyncUnavailableError,
} from '@bastion/platform/sync-client';
import type { TenantFacts } from '@bastion/policy';
import type { Life, Process } from '../simulation/process.js';
import type { Wire } from '../simulation/wire.js';
import type { OwnerDatabase } from './owner-database.js';
import type { OwnerVersion, TenantRows } from './owner-rows.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface OwnerProcessParts {
  readonly process: Process;
  readonly database: OwnerDatabase;
  /** A connection of its own for every transaction. */
  readonly wire: () => Wire;
  readonly version: () => OwnerVersion;
  /** The facts that a statement without a condition finds for the tenant; row-level security decides. */
  readonly factsOf: (tenantId: string) => TenantFacts | undefined;
}

/** One process of the owner as consumers see it: the pull endpoints. */
export class OwnerProcess {
  /** Tenants of which it sends changes that nobody understands. */
  readonly spoiledChanges = new Set<string>();
  /** Tenants of which it sends a snapshot that nobody understands. */
  readonly spoiledSnapshots = new Set<string>();

  constructor(private readonly parts: OwnerProcessParts) {}

  get process(): Process {
    return this.parts.process;
  }

  async heads(
    tenantIds: readonly string[] | undefined,
    applied: AccessAppliedV1 | undefined,
  ): Promise<HeadsResponseV1> {
    const { life, wire, database } = this.#begin();
    if (applied) await this.#statement(life, wire, 'note applied', () => database.note(applied));
    const heads = await this.#statement(life, wire, 'heads', () => database.heads(tenantIds));
    if (this.#isOld) return { heads: heads.map(withoutDigests), now: null };
    return { heads, now: life.wall() };
  }

  async changes(
    tenantId: string,
    asked: { readonly epoch: number; readonly after: number; readonly digest: string },
    limit: number,
  ): Promise<ChangesResponseV1> {
    const { life, wire, database } = this.#begin();
    const look = <T>(what: string, find: (rows: TenantRows | undefined) => T) =>
      this.#statement(life, wire, `${what} of ${tenantId}`, () => find(database.rows(tenantId)));
    const head = await look('head', (rows) => rows && headOf({ tenantId, ...rows.counter }));
    if (!head) throw new SyncRefusedError('no such tenant', 404);
    const here = await look('digest', (rows) => {
      if (asked.epoch === head.epoch && asked.after === head.revision) return head.digest;
      const row = rows?.outbox.find(
        ({ epoch, revision }) => epoch === asked.epoch && revision === asked.after,
      );
      return row?.body.digest ?? null;
    });
    const kept = await look('outbox', (rows) =>
      (rows?.outbox ?? [])
        .filter((row) => row.epoch === asked.epoch && row.revision > asked.after)
        .slice(0, limit)
        .map(({ body }) => body),
    );
    if (this.spoiledChanges.has(tenantId)) throw new SyncInvalidAnswerError('not understood');
    if (!this.#isOld) return contiguousRange(head, asked, here, kept, MAX_ANSWER_BYTES);
    const compared = { epoch: asked.epoch, after: asked.after };
    return contiguousRange(withoutDigests(head), compared, null, kept, MAX_ANSWER_BYTES);
  }

  async snapshot(tenantId: string): Promise<SnapshotResponseV1> {
    const { life, wire, database } = this.#begin();
    // Position and facts by one statement, as only that sees both of one moment.
    const rows = await this.#statement(life, wire, `facts of ${tenantId}`, () => {
      const { counter } = database.rows(tenantId) ?? {};
      const facts = this.parts.factsOf(tenantId);
      return counter && facts && { counter, facts };
    });
    if (!rows) throw new SyncRefusedError('no such tenant', 404);
    if (this.spoiledSnapshots.has(tenantId)) throw new SyncInvalidAnswerError('not understood');
    const head = headOf({ tenantId, ...rows.counter });
    const facts = factsToWire(rows.facts);
    return { head: this.#isOld ? withoutDigests(head) : head, facts };
  }

  get #isOld(): boolean {
    return this.parts.version() === 'BEFORE_DIGESTS';
  }

  #begin() {
    const { process, database, wire } = this.parts;
    if (!process.life) throw new SyncUnavailableError('connection refused');
    return { life: process.life, wire: wire(), database };
  }

  #statement<T>(life: Life, wire: Wire, what: string, run: () => T): Promise<T> {
    const { database } = this.parts;
    const { generation } = database;
    return life.request(what, wire, () => {
      // To whoever asked over HTTP a database that fails is a service that is not available.
      if (!database.up || generation !== database.generation) {
        throw new SyncUnavailableError('the owner answers 503');
      }
      return run();
    });
  }
}

function withoutDigests(head: HeadV1): HeadV1 {
  return { ...head, digest: GENESIS_DIGEST, factsDigest: null, began: null };
}
