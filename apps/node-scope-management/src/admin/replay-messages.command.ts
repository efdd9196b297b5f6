import { Injectable } from '@nestjs/common';
import { instantSchema, parseInput, tenantIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { type Replay, WindowReplay } from '../outbox/index.js';
import { OperatorAudit } from './operator-audit.js';

/** RFC 3339, such as `2026-11-25T08:00:00Z`. */
const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .pipe(instantSchema);

const replayMessagesInput = z
  .object({
    from: instant,
    to: instant,
    tenantId: tenantIdSchema.optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'Expected a moment after `from`' });

/** What the audit says was acted on when no tenant was named. */
const ALL_TENANTS = '*';

/** Publishes again what was committed in a window of time. */
@Injectable()
export class ReplayMessagesCommand {
  constructor(
    private readonly replay: WindowReplay,
    private readonly audit: OperatorAudit,
  ) {}

  /** Rejects with ApiError NOT_FOUND when there is no `platform` yet, whose audit it is entered in. */
  async run(operator: string, raw: unknown): Promise<Replay> {
    const { tenantId, dryRun, ...window } = parseInput(replayMessagesInput, raw);
    const plan = await this.replay.plan(window, tenantId);
    if (dryRun || plan.every(({ messages, waiting }) => messages === waiting)) {
      return { tenants: plan.map((found) => ({ ...found, replayed: 0 })), complete: true };
    }
    const { from, to } = { from: window.from.toISOString(), to: window.to.toISOString() };
    await this.audit.enter(operator, {
      ...{ operation: 'replay-messages', target: tenantId ?? ALL_TENANTS, input: { from, to } },
      reason: `committed from ${from} to ${to}`,
    });
    return this.replay.perform(window, plan);
  }
}
