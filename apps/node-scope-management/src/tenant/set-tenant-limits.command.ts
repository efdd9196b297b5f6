import { Injectable } from '@nestjs/common';
import { LIMITED_KINDS, type TenantLimits } from '@bastion/access';
import { parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { updateLimits } from '../facts/index.js';
import { type Receipt, TenantWriter } from '../write/index.js';
import { type Operator, PlatformGate } from './platform-gate.js';

const limit = z.int32().nonnegative().nullish();
const setTenantLimitsInput = z.object({
  tenantId: tenantIdSchema,
  /** What is not named stays as it is; null lifts a limit. */
  limits: z.object({
    principals: limit,
    groups: limit,
    scopes: limit,
    resources: limit,
    roles: limit,
    assignments: limit,
  }),
  reason: reasonSchema.nullish(),
});

/** Sets how large a tenant may become. One that is larger already keeps what it has. */
@Injectable()
export class SetTenantLimitsCommand {
  constructor(
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** The receipt's `id` is the tenant's. No fact changes, and so no revision. */
  async run(operator: Operator, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(setTenantLimitsInput, raw);
    const request = { operation: 'set-tenant-limits', input, reason, idempotencyKey };
    const writer = await this.platform.admit(operator, request, input.tenantId);
    return this.writer.write(writer, request, async (tx, { before, limits: had }) => {
      const limits = changed(had, input.limits);
      await updateLimits(tx, writer.tenantId, limits);
      return { id: writer.tenantId, events: [], after: before, details: { before: had, limits } };
    });
  }
}

function changed(
  had: TenantLimits | undefined,
  given: Partial<Record<keyof TenantLimits, number | null | undefined>>,
): TenantLimits {
  const limits = LIMITED_KINDS.map((kind) => {
    const limit = given[kind];
    return [kind, limit === undefined ? (had?.[kind] ?? null) : limit] as const;
  });
  return Object.fromEntries(limits) as Record<keyof TenantLimits, number | null>;
}
