import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { z } from 'zod';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { AuditEntriesQuery } from './audit-entries.query.js';
import { type AuditEntry, AuditEntryConnection } from './audit.model.js';

const sequenceSchema = z.string().regex(/^\d{1,15}$/);

@Resolver()
export class AuditResolver {
  constructor(private readonly query: AuditEntriesQuery) {}

  @Query(() => AuditEntryConnection, {
    description: 'Everything that was done in the tenant, in order.',
  })
  auditEntries(@CurrentCaller() caller: Caller, @Args() page: PageArgs): Promise<Page<AuditEntry>> {
    return this.query.list(caller, pageRequest(page, sequenceSchema));
  }
}
