import { Injectable } from '@nestjs/common';
import { instantSchema, parseInput, tenantIdSchema } from '@bastion/platform';
import { z } from 'zod';
import { type CommitWindow, type Replay, WindowReplay } from '../outbox/index.js';
import { PLATFORM_TENANT } from '../tenant/index.js';
import { TenantWriter } from '../write/index.js';

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
    private readonly writer: TenantWriter,
    private readonly replay: WindowReplay,
  ) {}

  /** Rejects with ApiError NOT_FOUND when there is no `platform` yet, whose audit it is entered in. */
  async run(operator: string, raw: unknown): Promise<Replay> {
    const { tenantId, dryRun, ...window } = parseInput(replayMessagesInput, raw);
    const plan = await this.replay.plan(window, tenantId);
    if (dryRun || plan.every(({ messages, waiting }) => messages === waiting)) {
      return { tenants: plan.map((found) => ({ ...found, replayed: 0 })), complete: true };
    }
    await this.enterInAudit(operator, window, tenantId ?? ALL_TENANTS);
    return this.replay.perform(window, plan);
  }

  /** Before the act, so that there is none without its entry. No fact changes, and no revision. */
  private async enterInAudit(
    operator: string,
    { from, to }: CommitWindow,
    target: string,
  ): Promise<void> {
    const request = {
      operation: 'replay-messages',
      input: { from: from.toISOString(), to: to.toISOString(), target },
      reason: `committed from ${from.toISOString()} to ${to.toISOString()}`,
    };
    await this.writer.write({ operator, tenantId: PLATFORM_TENANT }, request, (_tx, { before }) =>
      Promise.resolve({ id: target, events: [], after: before }),
    );
  }
}
