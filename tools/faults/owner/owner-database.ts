import type { AccessAppliedV1, HeadV1 } from '@bastion/contracts';
import {
  headOf,
  type OutboxPosition,
  type UnsentMessages,
  type UnsentRequest,
} from '@bastion/node-scope-management/machines';
import type { History } from '../oracle/history.js';
import type { VirtualTime } from '../simulation/virtual-time.js';
import type { OutboxRow, TenantRows } from './owner-rows.js';

/** How PostgreSQL says what went wrong. */
export class DatabaseError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

export const ADMIN_SHUTDOWN = '57P01';

export interface OwnerDatabaseParts {
  readonly time: VirtualTime;
  readonly history: History;
  /** Told of every position that is marked as sent, before it is. */
  readonly marked: (position: OutboxPosition) => void;
}

/** A copy of everything, to be restored to. */
export type Backup = ReadonlyMap<string, TenantRows>;

/** The owner's rows, all of them committed, and what hangs on the server's sessions. */
export class OwnerDatabase {
  up = true;
  /** Rises when all sessions end: whatever a session of before still does, fails. */
  generation = 0;
  /** The session that leads the relays; any object. */
  leader: object | undefined;
  /** How far the projection said it is, by tenant; others may be forgotten before. */
  readonly acknowledged = new Map<string, { epoch: number; revision: number }>();
  /** Called after every commit that left something to publish. */
  readonly onCommit = new Set<() => void>();
  /** Called whenever all sessions have ended. */
  readonly onEnd = new Set<() => void>();
  #tenants = new Map<string, TenantRows>();
  #sequence = 0;

  constructor(private readonly parts: OwnerDatabaseParts) {}

  tenantIds(): string[] {
    return [...this.#tenants.keys()];
  }

  rows(tenantId: string): TenantRows | undefined {
    return this.#tenants.get(tenantId);
  }

  nextSequence(): number {
    return (this.#sequence += 1);
  }

  /** INVARIANT: of the simulation: the one place where anything is committed. */
  put(tenantId: string, rows: TenantRows): void {
    this.#tenants.set(tenantId, rows);
    for (const tell of this.onCommit) tell();
  }

  remove(tenantId: string): void {
    this.#tenants.delete(tenantId);
    this.parts.history.restored(tenantId, null);
  }

  /** Every session ends, as when the server restarts. */
  endSessions(): void {
    this.generation += 1;
    this.leader = undefined;
    for (const tell of this.onEnd) tell();
  }

  backup(): Backup {
    return new Map(this.#tenants);
  }

  /** The state of before is the state of now. */
  restore(backup: Backup): void {
    this.endSessions();
    const { history } = this.parts;
    for (const tenantId of new Set([...this.#tenants.keys(), ...backup.keys()])) {
      const counter = backup.get(tenantId)?.counter;
      if (counter === this.#tenants.get(tenantId)?.counter) continue;
      const { epoch, revision, historyDigest: digest } = counter ?? NOWHERE;
      history.restored(tenantId, counter ? { epoch, revision, digest } : null);
    }
    this.#tenants = new Map(backup);
    this.acknowledged.clear();
  }

  note({ consumer, positions }: AccessAppliedV1): void {
    if (consumer.kind !== 'PROJECTION') return;
    for (const { tenantId, epoch, revision } of positions) {
      this.acknowledged.set(tenantId, { epoch, revision });
    }
  }

  heads(tenantIds: readonly string[] = this.tenantIds()): HeadV1[] {
    return tenantIds.flatMap((tenantId) => {
      const counter = this.#tenants.get(tenantId)?.counter;
      return counter ? [headOf({ tenantId, ...counter })] : [];
    });
  }

  /** As `readUnsent` of the owner answers. */
  unsent({ afterTenant, held, readThrough, limit, perTenant }: UnsentRequest): UnsentMessages {
    const messages: OutboxRow[] = [];
    for (const tenantId of this.tenantIds().sort()) {
      if (tenantId <= afterTenant || held.includes(tenantId)) continue;
      const through = readThrough.find((position) => position.tenantId === tenantId);
      const unsent = this.#tenants
        .get(tenantId)!
        .outbox.filter((row) => !row.sent && (!through || isLater(row, through)));
      messages.push(...unsent.slice(0, perTenant));
      if (messages.length >= limit) {
        return { messages: messages.slice(0, limit), stoppedAt: tenantId };
      }
    }
    return { messages, stoppedAt: null };
  }

  markSent(positions: readonly OutboxPosition[]): void {
    for (const position of positions) {
      const rows = this.#tenants.get(position.tenantId);
      const row = rows?.outbox.find((each) => isSame(each, position));
      if (!rows || !row || row.sent) continue;
      this.parts.marked(position);
      const outbox = rows.outbox.map((each) => (each === row ? { ...row, sent: true } : each));
      this.#tenants.set(position.tenantId, { ...rows, outbox });
    }
  }

  /** Forgets what is sent and at or before the position, as retention does. */
  purge(tenantId: string, through: { readonly epoch: number; readonly revision: number }): void {
    const rows = this.#tenants.get(tenantId);
    if (!rows) return;
    const outbox = rows.outbox.filter((row) => !row.sent || isLater(row, through));
    this.#tenants.set(tenantId, { ...rows, outbox });
  }
}

const NOWHERE = { epoch: 0, revision: 0, historyDigest: '' };

function isLater(
  row: { readonly epoch: number; readonly revision: number },
  than: { readonly epoch: number; readonly revision: number },
): boolean {
  return row.epoch !== than.epoch ? row.epoch > than.epoch : row.revision > than.revision;
}

function isSame(row: OutboxPosition, position: OutboxPosition): boolean {
  return row.epoch === position.epoch && row.revision === position.revision;
}
