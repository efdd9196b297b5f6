import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Repeating } from '@bastion/platform';
import type { AppDatabase } from '../database/app-database.js';
import type { JobKind } from './job.model.js';
import { findOpenJobs, type OpenJob } from './job.store.js';

/**
 * Does the next part of a job in one transaction of its own, in which it notes how far the job is.
 * Answers whether there is more to do. Several processes may do so at once: a part is decided on under
 * the tenant's lock, by what is left then.
 */
export type JobStep = (tenantId: string, job: OpenJob) => Promise<boolean>;

/** How often jobs are looked for that another process has left, ms. */
const POLL_MS = 5_000;

/** What it says about what goes wrong. */
export interface JobLogger {
  warn(details: object, message: string): void;
}

/**
 * Does what is left of all tenants' jobs, part by part, whoever began them: a process that dies in the
 * middle of a part has done nothing of it, and another one goes on.
 */
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly steps = new Map<JobKind, JobStep>();
  private readonly working: Repeating;

  constructor(
    private readonly database: Pick<AppDatabase, 'inTenant'>,
    /** The tenants of which some job is not finished. */
    private readonly tenantsWithJobs: () => Promise<readonly string[]>,
    private readonly logger: JobLogger,
    pollMs = POLL_MS,
  ) {
    this.working = new Repeating({
      work: (stopping) => this.runAll(stopping),
      failed: (error) => this.tell({}, error),
      pauseMs: pollMs,
    });
  }

  /** Says who does the jobs of a kind; before the application has begun. */
  register(kind: JobKind, step: JobStep): void {
    this.steps.set(kind, step);
  }

  /** There is a new job. */
  wake(): void {
    this.working.wake();
  }

  onApplicationBootstrap(): void {
    this.working.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.working.stop();
  }

  private async runAll(stopping: AbortSignal): Promise<void> {
    for (const tenantId of await this.tenantsWithJobs()) {
      await this.attempt({ tenantId }, async () => {
        const jobs = await this.database.inTenant(tenantId, findOpenJobs);
        for (const job of jobs) {
          await this.attempt({ tenantId, jobId: job.id }, () =>
            this.finish(tenantId, job, stopping),
          );
        }
      });
    }
  }

  private async finish(tenantId: string, job: OpenJob, stopping: AbortSignal): Promise<void> {
    const step = this.steps.get(job.kind);
    // One of a later version's, while it is rolled out: whoever knows it does it.
    if (!step) return;
    let more = true;
    while (more && !stopping.aborted) more = await step(tenantId, job);
  }

  /** What fails is tried again with the next round, and holds nobody else up. */
  private async attempt(about: object, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.tell(about, error);
    }
  }

  private tell(about: object, error: unknown): void {
    this.logger.warn({ ...about, err: error }, 'A background job failed; it is tried again');
  }
}
