import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { FactsModule } from '../facts/index.js';
import { AuditEntriesQuery } from './audit-entries.query.js';
import { AuditResolver } from './audit.resolver.js';
import { VerifyAuditQuery } from './verify-audit.query.js';

@Module({
  imports: [DatabaseModule, FactsModule],
  providers: [AuditEntriesQuery, AuditResolver, VerifyAuditQuery],
  exports: [VerifyAuditQuery],
})
export class AuditModule {}
