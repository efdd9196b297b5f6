import { Injectable } from '@nestjs/common';
import type { Caller } from '@bastion/platform';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { AuditEntry } from './audit.model.js';
import { listAuditEntries } from './audit.store.js';

@Injectable()
export class AuditEntriesQuery {
  constructor(private readonly reader: TenantReader) {}

  /** In the order of the chain. */
  list(caller: Caller, page: PageRequest): Promise<Page<AuditEntry>> {
    return this.reader.read(caller, { permission: 'audit:read' }, (tx) =>
      listAuditEntries(tx, page),
    );
  }
}
