import { REAL_BUILD, type Build } from '../build.js';
import type { GatekeeperVariant } from '../gatekeeper/variant.js';
import type { ViolationKind } from '../oracle/violation.js';
import * as gatekeeper from './gatekeeper-bugs.js';
import * as owner from './owner-bugs.js';

/** A bug that somebody could make, made on purpose: the harness is tested by its being caught. */
export interface PlantedBug {
  readonly bug: string;
  readonly build: Build;
  /** The faults in which it shows; its hunt takes turns among them. */
  readonly faults: readonly number[];
  /** One of these must be seen: caught by what it does, not by chance. */
  readonly seenAs: readonly ViolationKind[];
}

const inGatekeeper = (variant: Partial<GatekeeperVariant>): Build => ({
  ...REAL_BUILD,
  gatekeeper: { ...REAL_BUILD.gatekeeper, ...variant },
});
const inOwner = (build: Partial<Build>): Build => ({ ...REAL_BUILD, ...build });

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    bug: 'naive cursor',
    build: inOwner(owner.naiveCursor),
    faults: [16, 6, 2],
    seenAs: ['UNCONFIRMED'],
  },
  {
    bug: 'ack before commit',
    build: inGatekeeper(gatekeeper.ackBeforeCommit),
    faults: [1, 4, 5],
    seenAs: ['SETTLED_EARLY'],
  },
  {
    bug: 'reload in place',
    build: inGatekeeper(gatekeeper.reloadInPlace),
    faults: [12],
    seenAs: ['PHANTOM'],
  },
  {
    bug: 'RLS not forced',
    build: inOwner(owner.rlsNotForced),
    faults: [12, 7],
    seenAs: ['CROSS_TENANT'],
  },
  {
    bug: 'gap skipped',
    build: inGatekeeper(gatekeeper.gapSkipped),
    faults: [4, 11],
    seenAs: ['PHANTOM'],
  },
  {
    bug: 'lease taken from a heartbeat',
    build: inGatekeeper(gatekeeper.leaseFromHeartbeat),
    faults: [9, 10],
    seenAs: ['STALE_ALLOW'],
  },
  {
    bug: 'counter locked after loading',
    build: inOwner(owner.counterLockedAfterLoading),
    faults: [16, 2],
    seenAs: ['NOT_SERIAL'],
  },
  {
    bug: 'revoke dropped on epoch change',
    build: inGatekeeper(gatekeeper.revokeDroppedOnEpoch),
    faults: [13],
    seenAs: ['PHANTOM', 'LOST'],
  },
  {
    bug: 'revocations of the witness forgotten',
    build: inOwner(owner.revocationsForgotten),
    faults: [13],
    seenAs: ['LOST'],
  },
  {
    bug: 'predecessor digest not compared',
    build: inGatekeeper(gatekeeper.digestNotCompared),
    faults: [13],
    seenAs: ['PHANTOM', 'STALE_ALLOW', 'LOST'],
  },
  {
    bug: 'confirm taken for the absence of a return',
    build: inOwner(owner.confirmBeforeReturn),
    faults: [3],
    seenAs: ['UNCONFIRMED'],
  },
];
