import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, given, readPage } from '../database/keyset.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { BackgroundJob, BackgroundJobOrderField, JobKind } from './job.model.js';

/** A job to begin. */
export interface NewJob {
  readonly id: string;
  readonly kind: JobKind;
  /** The id of what it is about. */
  readonly target: string;
  /** How many things there are to do. */
  readonly total: number;
  /** null: an operator. */
  readonly startedBy: string | null;
  readonly reason: string | null;
}

export async function insertJob(
  tx: TenantTransaction,
  tenantId: string,
  job: NewJob,
): Promise<void> {
  await tx.backgroundJob.create({ data: { tenantId, ...job } });
}

/** Notes how many things are left to do; with none, the job is finished. */
export async function noteProgress(
  tx: TenantTransaction,
  { id, total }: Pick<BackgroundJob, 'id' | 'total'>,
  left: number,
): Promise<void> {
  const finishedAt = left === 0 ? new Date() : null;
  const data = { done: Math.max(0, total - left), finishedAt };
  await tx.backgroundJob.updateMany({ where: { id }, data });
}

/** Oldest first: ids are uuid v7. */
export async function findOpenJobs(tx: TenantTransaction): Promise<OpenJob[]> {
  const rows = await tx.backgroundJob.findMany({
    where: { finishedAt: null },
    orderBy: { id: 'asc' },
  });
  return rows.map(toJob);
}

export async function findJob(tx: TenantTransaction, id: string): Promise<BackgroundJob | null> {
  const row = await tx.backgroundJob.findFirst({ where: { id } });
  return row && toJob(row);
}

/** The latest job about something. */
export async function findJobAbout(
  tx: TenantTransaction,
  kind: JobKind,
  target: string,
): Promise<BackgroundJob | null> {
  const row = await tx.backgroundJob.findFirst({
    where: { kind, target },
    orderBy: { id: 'desc' },
  });
  return row && toJob(row);
}

export interface JobFilter {
  readonly finished?: boolean | null;
}

export function listJobs(
  tx: TenantTransaction,
  { finished }: JobFilter,
  page: PageRequest<BackgroundJobOrderField>,
): Promise<Page<BackgroundJob>> {
  const conditions = given(finished, (wanted) => Prisma.sql`(finished_at IS NOT NULL) = ${wanted}`);
  const listing = { table: 'background_jobs', keys: { STARTED: BY_ID }, conditions };
  return readPage(tx, listing, page, async (ids) =>
    (await tx.backgroundJob.findMany({ where: { id: { in: ids } } })).map(toJob),
  );
}

/** A job that goes on, and why it was begun. */
export type OpenJob = BackgroundJob & { readonly reason: string | null };

type JobRow = Omit<OpenJob, 'kind'> & { readonly kind: string };

function toJob({ kind, ...row }: JobRow): OpenJob {
  return { ...row, kind: kind as JobKind };
}
