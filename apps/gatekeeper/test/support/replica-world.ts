import { WaitingRoom } from '../../src/admission/index.js';
import type { Position } from '../../src/owner/index.js';
import { AppliedLog } from '../../src/projection/applied-log.js';
import { SnapshotHolder } from '../../src/projection/snapshot.holder.js';
import { SnapshotReader } from '../../src/projection/snapshot.reader.js';
import { SnapshotRefresher, type StoredTenant } from '../../src/projection/snapshot.refresher.js';
import type { UseLimits } from '../../src/projection/tenant-use.js';
import { WallClockGuard } from '../../src/projection/wall-clock.guard.js';
import { atRest, ManualClock } from './manual-clock.js';
import { OwnerDouble } from './owner-double.js';
import { silentLogger as logger } from './silent-logger.js';

export const CLOCK_UNCERTAINTY_MS = 250;
export const LEASE_MS = 5_000;
/** How long a question waits at most. */
export const WAIT_MS = 2_000;
/** How many questions may wait. */
export const WAITING_PLACES = 1_000;

/** One replica without its edges: an owner, a database of stored tenants, and time by hand. */
export function replicaWorld(given: Partial<UseLimits> = {}, messageGraceMs = 0) {
  const limits = { maxTenants: 100, maxBytes: 2 ** 30, idleMs: 1_000_000, ...given };
  const clock = new ManualClock();
  const owner = new OwnerDouble(
    () => clock.now(),
    () => clock.now(),
  );
  const holder = new SnapshotHolder();
  const wall = { now: () => clock.now() + wall.ahead, ahead: 0 };
  const wallClock = new WallClockGuard({
    monotonic: clock,
    wall: wall.now,
    uncertaintyMs: CLOCK_UNCERTAINTY_MS,
    logger,
  });
  // As a replica does when it starts: before that it trusts its clock in nothing.
  wallClock.compare(wall.now(), clock.now(), clock.now());
  const applied = new AppliedLog({ consumer: { kind: 'REPLICA', id: 'test' }, leaseMs: LEASE_MS });
  const stored = new Map<string, StoredTenant>();
  const database = { failing: false };
  const refresher = new SnapshotRefresher({
    holder,
    owner,
    stored: (tenantId) =>
      database.failing ? Promise.reject(new Error('down')) : Promise.resolve(stored.get(tenantId)),
    applied,
    wallClock,
    clock,
    random: () => 0.5,
    logger,
    leaseMs: LEASE_MS,
    messageGraceMs,
    limits,
  });
  const reader = new SnapshotReader({
    holder,
    refresher,
    clock,
    wallClock,
    waiting: new WaitingRoom(WAITING_PLACES),
    leaseMs: LEASE_MS,
    waitMs: WAIT_MS,
  });
  const commit = (tenantId: string) =>
    owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]);
  const store = (tenantId: string) => {
    const head = owner.headAt(tenantId);
    const facts = head && owner.factsAt(tenantId, head);
    if (!facts) return;
    const { epoch, revision, digest, factsDigest } = head;
    stored.set(tenantId, { point: { epoch, revision, digest }, factsDigest, facts });
  };
  /** Asks for heads, and lets it set in motion what it does. */
  const renew = async () => {
    await refresher.renewLeases();
    await atRest();
  };
  /** What a check would be answered from: the reading, or what is left of it after the wait. */
  const ask = async (tenantId: string, atLeast?: Position) => {
    const asked = reader.read(tenantId, atLeast);
    await clock.advance(WAIT_MS);
    const reading = await asked;
    if (reading.kind !== 'PRESENT') return reading.kind;
    const { epoch, revision } = reading.held;
    return { epoch, revision };
  };
  const machines = { holder, refresher, reader, applied };
  return { clock, wall, owner, stored, database, ...machines, commit, store, renew, ask };
}
