import { Command } from 'commander';
import type { Replay } from '../outbox/index.js';
import { table } from './console.js';
import { EXIT } from './exit-code.js';
import type { Session } from './session.js';

interface ReplayOptions {
  readonly from: string;
  readonly to: string;
  readonly tenant?: string;
  readonly dryRun?: boolean;
}

/** `admin replay` */
export function replayCommand(session: Session): Command {
  return new Command('replay')
    .description('publish again what was committed in a window of time')
    .requiredOption('--from <instant>', 'the first moment of it, in ISO 8601 with an offset')
    .requiredOption('--to <instant>', 'the moment it ends before')
    .option('--tenant <id>', 'only of this tenant')
    .option('--dry-run', 'only say what would be published again')
    .addHelpText(
      'after',
      `
The relay that leads publishes it in order, a few messages of a tenant at a time between what is
committed meanwhile. Consumers drop what they have applied already. What was never published yet is
published anyway, and what is no longer kept cannot be: consumers ask for a snapshot instead.

Exits with 4 when nobody publishes.

Examples:
  admin replay --from 2026-11-25T08:00:00Z --to 2026-11-25T08:30:00Z --dry-run
  admin replay --from 2026-11-25T08:00:00Z --to 2026-11-25T08:30:00Z --tenant acme`,
    )
    .action(async ({ from, to, tenant, dryRun = false }: ReplayOptions, command: Command) => {
      await session.run(command, async (services, operator) => {
        const input = { from, to, tenantId: tenant, dryRun };
        const replay = await services.replayMessages.run(operator, input);
        return {
          data: { dryRun, ...replay },
          text: replayText(replay, dryRun),
          exitCode: replay.complete ? EXIT.DONE : EXIT.UNAVAILABLE,
        };
      });
    });
}

function replayText({ tenants, complete }: Replay, dryRun: boolean): string {
  if (tenants.length === 0) return 'Nothing that was committed then is kept.';
  const rows = tenants.map((each) => [
    each.tenantId,
    String(each.epoch),
    `${each.firstRevision}-${each.lastRevision}`,
    String(each.messages),
    String(each.waiting),
    String(each.replayed),
  ]);
  const total = tenants.reduce(
    (sum, { messages, waiting, replayed }) => sum + (dryRun ? messages - waiting : replayed),
    0,
  );
  return [
    dryRun ? `Messages to publish again: ${total}` : `Messages published again: ${total}`,
    ...(complete ? [] : ['The last of them wait for a relay, and the rest was left as it is.']),
    '',
    table(['tenant', 'epoch', 'revisions', 'messages', 'waiting', 'replayed'], rows),
  ].join('\n');
}
