import type { ChangeSet } from '../../src/owner/index.js';
import { AppliedLog } from '../../src/projection/applied-log.js';
import { ApplyAccessChangeCommand } from '../../src/projection/apply-access-change.command.js';
import { ProjectionRepairer } from '../../src/projection/projection.repairer.js';
import { ManualClock } from './manual-clock.js';
import { MemoryProjection } from './memory-projection.js';
import { OwnerDouble } from './owner-double.js';
import { silentLogger as logger } from './silent-logger.js';

/** One replica's projector over a projection and an owner that outlive it. */
export function projectorOf(projection: MemoryProjection, owner: OwnerDouble, clock: ManualClock) {
  const repairer = new ProjectionRepairer(projection, owner, logger);
  const random = () => 0.5;
  const consumer = { kind: 'PROJECTION', id: 'test' } as const;
  const applied = new AppliedLog({ consumer, leaseMs: 0 });
  return new ApplyAccessChangeCommand({
    projection,
    repairer,
    owner,
    applied,
    clock,
    random,
    logger,
  });
}

/** A projector without its edges, and time by hand. */
export function projectorWorld() {
  const clock = new ManualClock();
  const owner = new OwnerDouble();
  const projection = new MemoryProjection();
  const projector = projectorOf(projection, owner, clock);
  const revisionOf = (tenantId: string) => projection.stateOf(tenantId)?.position.revision;
  const commit = (tenantId: string, ...kind: [ChangeSet['kind']?]) =>
    owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }], ...kind);
  /** Whether the message could be acknowledged already. */
  const deliver = (change: ChangeSet) => {
    const message = { settled: false };
    void projector.run(change).then(() => (message.settled = true));
    return message;
  };
  return { clock, owner, projection, projector, revisionOf, commit, deliver };
}

/** Lets a transaction begin and not end until released. */
export function hold(projection: MemoryProjection): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  projection.beforeCommit = () => released;
  return () => {
    projection.beforeCommit = () => Promise.resolve();
    release();
  };
}
