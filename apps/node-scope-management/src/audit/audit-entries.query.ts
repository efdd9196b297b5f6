import { LIMITS } from '@bastion/access';
import { Injectable } from '@nestjs/common';
import {
  type Caller,
  entityIdSchema,
  instantSchema,
  lineOfText,
  parseInput,
} from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { AuditEntry, AuditEntryOrderField } from './audit.model.js';
import { listAuditEntries } from './audit.store.js';

const filterInput = z.object({
  operation: lineOfText(64).nullish(),
  target: lineOfText(LIMITS.idLength).nullish(),
  principalId: entityIdSchema.nullish(),
  from: instantSchema.nullish(),
  until: instantSchema.nullish(),
});

@Injectable()
export class AuditEntriesQuery {
  constructor(private readonly reader: TenantReader) {}

  /** In the order of the chain. */
  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<AuditEntryOrderField>,
  ): Promise<Page<AuditEntry>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, { permission: 'audit:read' }, (tx) =>
      listAuditEntries(tx, filter, page),
    );
  }
}
