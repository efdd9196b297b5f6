import type { ChangeSet } from '../../src/owner/index.js';
import { AppliedLog } from '../../src/projection/applied-log.js';
import { ApplyAccessChangeCommand } from '../../src/projection/apply-access-change.command.js';
import { ProjectionRepairer } from '../../src/projection/projection.repairer.js';
import { VerifyProjectionCommand } from '../../src/projection/verify-projection.command.js';
import { atRest, ManualClock } from './manual-clock.js';
import { MemoryProjection } from './memory-projection.js';
import { OwnerDouble } from './owner-double.js';
import { silentLogger as logger } from './silent-logger.js';

/** One replica's projector over a projection and an owner that outlive it. */
export function projectorOf(
  projection: MemoryProjection,
  owner: OwnerDouble,
  clock: ManualClock,
  applied = newAppliedLog(),
  gatherMs = 0,
) {
  const repairer = new ProjectionRepairer(projection, owner, logger);
  const random = () => 0.5;
  return new ApplyAccessChangeCommand({
    projection,
    repairer,
    owner,
    applied,
    clock,
    random,
    logger,
    gatherMs,
  });
}

function newAppliedLog(): AppliedLog {
  return new AppliedLog({ consumer: { kind: 'PROJECTION', id: 'test' }, leaseMs: 0 });
}

/** Counts the rows again, of which those that differ are replaced. */
export function verifierOf(projection: MemoryProjection, projector: ApplyAccessChangeCommand) {
  return new VerifyProjectionCommand({
    stored: (tenantId) => projection.stored(tenantId),
    projection: { forgetHistory: () => Promise.resolve() },
    projector,
    historyDays: 30,
    logger,
  });
}

/** A projector without its edges, and time by hand. */
export function projectorWorld(gatherMs = 0) {
  const clock = new ManualClock();
  const owner = new OwnerDouble();
  const projection = new MemoryProjection();
  const applied = newAppliedLog();
  const projector = projectorOf(projection, owner, clock, applied, gatherMs);
  const revisionOf = (tenantId: string) => projection.stateOf(tenantId)?.position.revision;
  const commit = (tenantId: string, ...kind: [ChangeSet['kind']?]) =>
    owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }], ...kind);
  /** Whether the message could be acknowledged already. */
  const deliver = (change: ChangeSet) => {
    const message = { settled: false };
    void projector.run(change).then(() => (message.settled = true));
    return message;
  };
  /** Compares heads as often as it takes to find anything, and lets it be repaired. */
  const compare = async () => {
    for (let round = 0; round < 3; round += 1) {
      await projector.compareHeads();
      await atRest();
    }
  };
  return { clock, owner, projection, projector, applied, revisionOf, commit, deliver, compare };
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
