import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { BackgroundJob, BackgroundJobOrderField } from './job.model.js';
import { findJob, listJobs } from './job.store.js';

const filterInput = z.object({ finished: z.boolean().nullish() });

/** All jobs there are by now are about roles. */
const NEED = { permission: 'role:read' } as const;

@Injectable()
export class JobsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such job in the caller's tenant. */
  one(caller: Caller, rawId: unknown): Promise<BackgroundJob | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, NEED, (tx) => findJob(tx, id));
  }

  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<BackgroundJobOrderField>,
  ): Promise<Page<BackgroundJob>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, NEED, (tx) => listJobs(tx, filter, page));
  }
}
