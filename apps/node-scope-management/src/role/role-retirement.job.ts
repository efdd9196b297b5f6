import { Injectable, type OnModuleInit } from '@nestjs/common';
import { planEndRetiredAssignments } from '@bastion/access';
import { findJob, JobRunner, noteProgress, type OpenJob } from '../job/index.js';
import { accepted, deleteEndedRows, TenantWriter } from '../write/index.js';

/** In whose name the parts are written; each says who began it. */
const OPERATOR = 'background-job';

/** Ends what is left of the assignments of retired roles, as many in a revision as one carries with ease. */
@Injectable()
export class RoleRetirementJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly writer: TenantWriter,
  ) {}

  onModuleInit(): void {
    this.jobs.register('ROLE_RETIREMENT', (tenantId, job) => this.endSome(tenantId, job));
  }

  private async endSome(tenantId: string, job: OpenJob): Promise<boolean> {
    const { id, target: roleId, reason, startedBy } = job;
    const input = { roleId, jobId: id };
    const request = { operation: 'end-retired-assignments', input, reason };
    let left = 0;
    const end = this.writer.write(
      { operator: OPERATOR, tenantId },
      request,
      async (tx, context) => {
        const now = await findJob(tx, id);
        if (!now || now.finishedAt) throw new JobOver();
        const { events, after } = accepted(planEndRetiredAssignments(context, { roleId }));
        await deleteEndedRows(tx, events);
        left = events.length === 0 ? 0 : after.assignmentsOfRole(roleId).length;
        await noteProgress(tx, now, left);
        return { id: roleId, events, after, details: { jobId: id, startedBy } };
      },
    );
    await end.catch((error: unknown) => {
      if (!(error instanceof JobOver)) throw error;
    });
    return left > 0;
  }
}

/** Another process has finished it meanwhile: nothing is written. */
class JobOver extends Error {}
