import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Databases } from '../database/databases.js';
import {
  ApplyAccessChangeCommand,
  SnapshotHolder,
  SnapshotReader,
  SnapshotRefresher,
  SnapshotStore,
  VerifyProjectionCommand,
} from '../projection/index.js';
import { OperationsController } from './operations.controller.js';
import { ReplicaStatusQuery } from './replica-status.query.js';
import { ResyncTenantCommand } from './resync-tenant.command.js';
import { TenantDigestQuery } from './tenant-digest.query.js';
import { WitnessQuery } from './witness.query.js';
import { WitnessStore } from './witness.store.js';

export interface OperationsOptions {
  /** Names this process, as it does to the owner. */
  readonly replicaId: string;
  readonly imports: readonly [projection: DynamicModule, database: DynamicModule];
}

/** What operators can ask and tell a replica. */
@Module({})
export class OperationsModule {
  static forRoot({ replicaId, imports }: OperationsOptions): DynamicModule {
    return {
      module: OperationsModule,
      imports: [...imports],
      controllers: [OperationsController],
      providers: [status(replicaId), resync, digest, witness],
    };
  }
}

function status(replicaId: string): Provider {
  return {
    provide: ReplicaStatusQuery,
    inject: [SnapshotHolder, SnapshotReader, ApplyAccessChangeCommand],
    useFactory: (
      holder: SnapshotHolder,
      reader: SnapshotReader,
      projector: ApplyAccessChangeCommand,
    ) => new ReplicaStatusQuery({ replicaId, holder, reader, projector }),
  };
}

const resync: Provider = {
  provide: ResyncTenantCommand,
  inject: [ApplyAccessChangeCommand, SnapshotHolder, SnapshotRefresher, ReplicaStatusQuery],
  useFactory: (
    projector: ApplyAccessChangeCommand,
    holder: SnapshotHolder,
    refresher: SnapshotRefresher,
    replicaStatus: ReplicaStatusQuery,
  ) => new ResyncTenantCommand({ projector, holder, refresher, status: replicaStatus }),
};

const digest: Provider = {
  provide: TenantDigestQuery,
  inject: [VerifyProjectionCommand, SnapshotHolder],
  useFactory: (verifier: VerifyProjectionCommand, holder: SnapshotHolder) =>
    new TenantDigestQuery(verifier, holder),
};

const witness: Provider = {
  provide: WitnessQuery,
  inject: [Databases, SnapshotHolder],
  useFactory: ({ app }: Databases, holder: SnapshotHolder) =>
    new WitnessQuery({ witness: new WitnessStore(app), facts: new SnapshotStore(app), holder }),
};
