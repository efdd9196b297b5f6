import { Injectable } from '@nestjs/common';
import { nameSchema, parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { type Receipt, TenantWriter } from '../write/index.js';
import { type Operator, PlatformGate } from './platform-gate.js';
import { updateTenantName } from './tenant.store.js';

const renameTenantInput = z.object({
  tenantId: tenantIdSchema,
  name: nameSchema,
  reason: reasonSchema.nullish(),
});

/** Calls a tenant by another name. Its id stays, by which tokens name it. */
@Injectable()
export class RenameTenantCommand {
  constructor(
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** The receipt's `id` is the tenant's. No fact changes, and so no revision. */
  async run(operator: Operator, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(renameTenantInput, raw);
    const request = { operation: 'rename-tenant', input, reason, idempotencyKey };
    const writer = await this.platform.admit(operator, request, input.tenantId);
    return this.writer.write(writer, request, async (tx, { before }) => {
      await updateTenantName(tx, writer.tenantId, input.name);
      return { id: writer.tenantId, events: [], after: before };
    });
  }
}
