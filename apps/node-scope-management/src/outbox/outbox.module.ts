import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { ChangesController } from './changes.controller.js';
import { ChangesQuery } from './changes.query.js';
import { HeadsQuery } from './heads.query.js';
import { OutboxSignalModule } from './outbox-signal.module.js';
import { TenantSnapshotQuery } from './tenant-snapshot.query.js';
import { WakeForwarder } from './wake-forwarder.js';

@Module({
  imports: [DatabaseModule, OutboxSignalModule],
  controllers: [ChangesController],
  providers: [ChangesQuery, HeadsQuery, TenantSnapshotQuery, WakeForwarder],
  exports: [HeadsQuery],
})
export class OutboxModule {}
