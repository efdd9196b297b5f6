import { Module } from '@nestjs/common';
import { ConsumerModule } from '../consumer/index.js';
import { DatabaseModule } from '../database/database.module.js';
import { FactsModule } from '../facts/index.js';
import { ChangesController } from './changes.controller.js';
import { ChangesQuery } from './changes.query.js';
import { HeadsQuery } from './heads.query.js';
import { OutboxSignalModule } from './outbox-signal.module.js';
import { TenantSnapshotQuery } from './tenant-snapshot.query.js';
import { WakeForwarder } from './wake-forwarder.js';

@Module({
  imports: [ConsumerModule, DatabaseModule, FactsModule, OutboxSignalModule],
  controllers: [ChangesController],
  providers: [ChangesQuery, HeadsQuery, TenantSnapshotQuery, WakeForwarder],
  exports: [HeadsQuery],
})
export class OutboxModule {}
