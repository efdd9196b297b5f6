import { Injectable } from '@nestjs/common';
import { planChangePrincipalStatus } from '@bastion/access';
import type { PrincipalKind } from '@bastion/policy';
import { ApiError, type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { changeFields } from '../input/index.js';
import {
  accepted,
  deleteEndedRows,
  type Receipt,
  refuseOtherVersion,
  TenantWriter,
} from '../write/index.js';
import { findPrincipal, updatePrincipal } from './principal.store.js';

/** The statuses that somebody can be led to by hand. */
const NEXT_STATUSES = ['ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED'] as const;
export type NextStatus = (typeof NEXT_STATUSES)[number];

const changePrincipalStatusInput = z.object({
  kind: z.enum(['USER', 'SERVICE_ACCOUNT']),
  principalId: entityIdSchema,
  status: z.enum(NEXT_STATUSES),
  ...changeFields,
});

const NAMES: Record<PrincipalKind, string> = { USER: 'user', SERVICE_ACCOUNT: 'service account' };

/**
 * Leads a user or service account to the next status of its life. Deprovisioning takes its
 * memberships and assignments along, erasure whatever says who it was.
 */
@Injectable()
export class ChangePrincipalStatusCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(changePrincipalStatusInput, raw);
    const request = { operation: 'change-principal-status', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { principalId, kind, status } = input;
      const row = await findPrincipal(tx, { id: principalId, kind });
      const { events, after } = accepted(
        planChangePrincipalStatus(context, { principalId, status, managedBy: row?.managedBy }),
      );
      const principal = after.principal(principalId);
      if (principal?.kind !== kind) {
        throw new ApiError('NOT_FOUND', `There is no such ${NAMES[kind]}.`);
      }
      await refuseOtherVersion(input.expectedVersion, () => Promise.resolve(row));
      await updatePrincipal(tx, principal);
      await deleteEndedRows(tx, events);
      return { id: principalId, events, after };
    });
  }
}
