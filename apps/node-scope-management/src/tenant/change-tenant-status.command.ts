import { Injectable } from '@nestjs/common';
import { planResumeTenant, planSuspendTenant } from '@bastion/access';
import type { TenantStatus } from '@bastion/policy';
import { ApiError, parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { PLATFORM_TENANT } from '../facts/index.js';
import { type Operator, PlatformGate } from './platform-gate.js';
import { updateTenantStatus } from './tenant.store.js';

const changeTenantStatusInput = z.object({
  tenantId: tenantIdSchema,
  reason: reasonSchema.nullish(),
});

/** What leads a tenant to each status. */
const CHANGES = {
  SUSPENDED: { operation: 'suspend-tenant', plan: planSuspendTenant },
  ACTIVE: { operation: 'resume-tenant', plan: planResumeTenant },
} as const satisfies Record<TenantStatus, unknown>;

/** Suspends a tenant, in which everyone is denied everything from then on, or resumes it. */
@Injectable()
export class ChangeTenantStatusCommand {
  constructor(
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** The receipt's `id` is the tenant's. */
  async run(
    operator: Operator,
    status: TenantStatus,
    raw: unknown,
    idempotencyKey?: string | null,
  ): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(changeTenantStatusInput, raw);
    refusePlatform(input.tenantId);
    const { operation, plan } = CHANGES[status];
    const request = { operation, input, reason, idempotencyKey };
    const writer = await this.platform.admit(operator, request, input.tenantId);
    return this.writer.write(writer, request, async (tx, context) => {
      const { events, after } = accepted(plan(context));
      await updateTenantStatus(tx, writer.tenantId, status);
      return { id: writer.tenantId, events, after };
    });
  }
}

function refusePlatform(tenantId: string): void {
  if (tenantId !== PLATFORM_TENANT) return;
  throw new ApiError(
    'FORBIDDEN',
    'Suspending the platform would shut out all who could resume it.',
  );
}
