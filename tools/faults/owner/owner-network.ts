import type { AccessAppliedV1 } from '@bastion/contracts';
import { OwnerClient } from '@bastion/gatekeeper/machines';
import { SyncUnavailableError } from '@bastion/platform/sync-client';
import type { Link } from '../simulation/link.js';
import type { Life } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import type { OwnerProcess } from './owner-process.js';

const CHANGES_TIMEOUT_MS = 10_000;
const SNAPSHOT_TIMEOUT_MS = 60_000;

/** The owner as one process of gatekeeper reaches it: any of the owner's processes answers. */
export function ownerOver(
  link: Link,
  owners: readonly OwnerProcess[],
  life: Life,
  random: Random,
  leaseMs: number,
): OwnerClient {
  const serve = <T>(ask: (owner: OwnerProcess) => Promise<T>): Promise<T> => {
    const running = owners.filter(({ process }) => process.life);
    if (running.length === 0) throw new SyncUnavailableError('no owner runs');
    const owner = random.pick(running);
    return new Promise((resolve, reject) => {
      // A connection to a process that dies is reset; one that stands still says nothing.
      const forget = owner.process.life!.whenOver(() =>
        reject(new SyncUnavailableError('connection reset')),
      );
      owner.process.life!.deliver(() => {
        ask(owner).then(resolve, reject).finally(forget);
      });
    });
  };
  const call = <T>(what: string, timeoutMs: number, ask: (owner: OwnerProcess) => Promise<T>) =>
    link.call(life, what, timeoutMs, async () => serve(ask));
  return new OwnerClient({
    heads: {
      heads: (tenantIds?: readonly string[], applied?: AccessAppliedV1) =>
        call('heads', leaseMs / 2, (owner) => owner.heads(tenantIds, applied)),
    },
    pulls: {
      changes: (tenantId, { epoch, revision: after, digest }, limit) =>
        call(`changes of ${tenantId}`, CHANGES_TIMEOUT_MS, (owner) =>
          owner.changes(tenantId, { epoch, after, digest }, limit),
        ),
      snapshot: (tenantId) =>
        call(`snapshot of ${tenantId}`, SNAPSHOT_TIMEOUT_MS, (owner) => owner.snapshot(tenantId)),
    },
  });
}
