import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
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
  private readonly stopping = new AbortController();
  private waking = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Pick<AppDatabase, 'inTenant'>,
    /** The tenants of which some job is not finished. */
    private readonly tenantsWithJobs: () => Promise<readonly string[]>,
    private readonly logger: JobLogger,
    private readonly pollMs = POLL_MS,
  ) {}

  /** Says who does the jobs of a kind; before the application has begun. */
  register(kind: JobKind, step: JobStep): void {
    this.steps.set(kind, step);
  }

  /** There is a new job. */
  wake(): void {
    this.waking.abort();
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal: stopping } = this.stopping;
    while (!stopping.aborted) {
      // INVARIANT: before looking, so that whoever wakes it meanwhile is heard.
      this.waking = new AbortController();
      await this.attempt({}, () => this.runAll());
      const cut = AbortSignal.any([stopping, this.waking.signal]);
      await sleep(this.pollMs, undefined, { signal: cut }).catch(() => undefined);
    }
  }

  private async runAll(): Promise<void> {
    for (const tenantId of await this.tenantsWithJobs()) {
      await this.attempt({ tenantId }, async () => {
        const jobs = await this.database.inTenant(tenantId, findOpenJobs);
        for (const job of jobs) {
          await this.attempt({ tenantId, jobId: job.id }, () => this.finish(tenantId, job));
        }
      });
    }
  }

  private async finish(tenantId: string, job: OpenJob): Promise<void> {
    const step = this.steps.get(job.kind);
    // One of a later version's, while it is rolled out: whoever knows it does it.
    if (!step) return;
    let more = true;
    while (more && !this.stopping.signal.aborted) more = await step(tenantId, job);
  }

  /** What fails is tried again with the next round, and holds nobody else up. */
  private async attempt(about: object, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn({ ...about, err: error }, 'A background job failed; it is tried again');
    }
  }
}
