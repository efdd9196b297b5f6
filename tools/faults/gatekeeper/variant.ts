import {
  AccessChangesListener,
  SnapshotHolder,
  SnapshotRefresher,
  type ApplyAccessChangeCommand,
  type Owner,
  type RefresherParts,
} from '@bastion/gatekeeper/machines';

/** How a gatekeeper is put together; a planted bug puts something else in one of the places. */
export interface GatekeeperVariant {
  readonly holder: () => SnapshotHolder;
  readonly refresher: (parts: RefresherParts) => SnapshotRefresher;
  readonly listener: (
    projector: ApplyAccessChangeCommand,
  ) => Pick<AccessChangesListener, 'accessChanged'>;
  /** What it makes of the owner's answers. */
  readonly owner: (owner: Owner) => Owner;
  /** What it makes of a message. */
  readonly body: (body: unknown) => unknown;
}

export const REAL_GATEKEEPER: GatekeeperVariant = {
  holder: () => new SnapshotHolder(),
  refresher: (parts) => new SnapshotRefresher(parts),
  listener: (projector) => new AccessChangesListener(projector),
  owner: (owner) => owner,
  body: (body) => body,
};
