import { Injectable } from '@nestjs/common';
import { planRetireRole } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import { insertJob, JobRunner } from '../job/index.js';
import {
  accepted,
  authorOf,
  deleteEndedRows,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { findRole, isBuiltIn, retireRole } from './role.store.js';

const retireRoleInput = z.object({ roleId: entityIdSchema, ...changeFields });

/**
 * Takes a role out of use, with its assignments and out of the roles that include it. The rows of
 * very many assignments are left to a job; they say nothing from the retirement on.
 */
@Injectable()
export class RetireRoleCommand {
  constructor(
    private readonly writer: TenantWriter,
    private readonly jobs: JobRunner,
  ) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(retireRoleInput, raw);
    const request = { operation: 'retire-role', input, reason, idempotencyKey };
    const receipt = await this.writer.write(caller, request, async (tx, context) => {
      const { roleId } = input;
      const builtIn = await isBuiltIn(tx, roleId);
      const { events, after } = accepted(planRetireRole(context, { roleId, builtIn }));
      await refuseOtherVersion(input.expectedVersion, () => findRole(tx, roleId));
      await deleteEndedRows(tx, events);
      const startedBy = authorOf(context);
      await retireRole(tx, roleId, startedBy);
      const total = after.assignmentsOfRole(roleId).length;
      if (total > 0) {
        const job = { id: uuidv7(), target: roleId, total, startedBy, reason };
        await insertJob(tx, caller.tenantId, { ...job, kind: 'ROLE_RETIREMENT' });
      }
      return { id: roleId, events, after };
    });
    this.jobs.wake();
    return receipt;
  }
}
