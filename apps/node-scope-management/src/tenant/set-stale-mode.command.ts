import { Injectable } from '@nestjs/common';
import { planSetStaleMode } from '@bastion/access';
import { type Caller, parseInput, reasonSchema } from '@bastion/platform';
import { z } from 'zod';
import { StaleMode } from '../generated/prisma/enums.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { updateStaleMode } from './tenant.store.js';

const setStaleModeInput = z.object({
  mode: z.enum(StaleMode),
  /** How long is the plan's to judge. */
  maxStaleSeconds: z.int32().nullish(),
  reason: reasonSchema.nullish(),
});

/** Lets a tenant choose between being denied and being served what may be outdated. */
@Injectable()
export class SetStaleModeCommand {
  constructor(private readonly writer: TenantWriter) {}

  /** The receipt's `id` is the tenant's, which is the caller's own. */
  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason = null, ...input } = parseInput(setStaleModeInput, raw);
    const { tenantId } = caller;
    const stale = { staleMode: input.mode, maxStaleMs: (input.maxStaleSeconds ?? 0) * 1000 };
    const request = { operation: 'set-stale-mode', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { events, after } = accepted(planSetStaleMode(context, stale));
      await updateStaleMode(tx, tenantId, stale);
      return { id: tenantId, events, after };
    });
  }
}
