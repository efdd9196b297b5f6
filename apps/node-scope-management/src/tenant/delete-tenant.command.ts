import { Injectable } from '@nestjs/common';
import { planDeleteTenant } from '@bastion/access';
import { parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { type Operator, PlatformGate, refusePlatform } from './platform-gate.js';
import { markDeleted } from './tenant.store.js';

const deleteTenantInput = z.object({ tenantId: tenantIdSchema, reason: reasonSchema.nullish() });

/**
 * Deletes a suspended tenant: from the commit on it is one that does not exist, and it never exists
 * again. Its rows are erased afterwards, by `EraseTenantCommand`.
 */
@Injectable()
export class DeleteTenantCommand {
  constructor(
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /**
   * The receipt's `id` is the tenant's. Done again it is answered alike. Rejects with RejectionError
   * INVALID_STATUS_CHANGE unless the tenant is suspended, ApiError NOT_FOUND, FORBIDDEN for `platform`.
   */
  async run(operator: Operator, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(deleteTenantInput, raw);
    refusePlatform(input.tenantId);
    const request = { operation: 'delete-tenant', input, reason, idempotencyKey };
    const standing = 'LIVING_OR_DELETED';
    const writer = await this.platform.admit(operator, request, input.tenantId, standing);
    return this.writer.end(writer, request, async (tx, context) => {
      const { events, after } = accepted(planDeleteTenant(context));
      await markDeleted(tx, writer.tenantId);
      return { id: writer.tenantId, events, after };
    });
  }
}
