import { Module } from '@nestjs/common';
import { Clock } from '@bastion/platform';
import { clockConfig } from '../config/clock.config.js';
import { DatabaseModule } from '../database/database.module.js';
import { TenantReader } from './tenant-reader.js';
import { TenantSnapshots } from './tenant-snapshots.js';

@Module({
  imports: [DatabaseModule],
  providers: [
    { provide: Clock, useFactory: () => new Clock(clockConfig().uncertaintyMs) },
    TenantReader,
    TenantSnapshots,
  ],
  exports: [Clock, TenantReader, TenantSnapshots],
})
export class FactsModule {}
