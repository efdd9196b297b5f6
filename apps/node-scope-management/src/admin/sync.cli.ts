import { Command } from 'commander';
import type { Comparison } from './compare-digests.query.js';
import { table } from './console.js';
import { EXIT } from './exit-code.js';
import type { Resynced } from './resync-tenant.command.js';
import type { Answer, Session } from './session.js';
import type { TenantLag } from './sync-lag.query.js';
import type { TenantChoice } from './tenant-choice.js';

/** `admin sync …` */
export function syncCommands(session: Session): Command {
  return new Command('sync')
    .description('see whether gatekeeper is in step with the owner, and put it there')
    .addCommand(lag(session))
    .addCommand(compare(session))
    .addCommand(resync(session))
    .addCommand(lift(session))
    .addCommand(forget(session));
}

function lag(session: Session): Command {
  return new Command('lag')
    .description('show how far each consumer of each tenant is, as it last told')
    .option('--tenant <id>', 'only of this tenant')
    .addHelpText(
      'after',
      `
A projection tells when it gets further; a replica's lease is what it may answer within, and one
whose lease is over denies, or is gone.

Exits with 1 when a consumer is barred, or behind for more than a minute, or when messages wait to be
published for as long.

Examples:
  admin sync lag
  admin sync lag --tenant acme --json`,
    )
    .action(async ({ tenant }: { tenant?: string }, command: Command) => {
      await session.run(command, async ({ sync }) => {
        const lags = await sync.lag.run(tenant);
        const exitCode = lags.some(({ problems }) => problems.length > 0)
          ? EXIT.FINDING
          : EXIT.DONE;
        return { data: lags, text: lagText(lags), exitCode };
      });
    });
}

function lagText(lags: readonly TenantLag[]): string {
  const now = Date.now();
  const header = ['tenant', 'epoch', 'revision', 'consumer', 'state', 'behind', 'lease', 'seen'];
  const rows = lags.flatMap(({ tenantId, epoch, revision, pending, consumers }) => [
    [tenantId, String(epoch), String(revision), 'owner', `${pending} unsent`, '', '', ''],
    ...consumers.map((consumer) => [
      tenantId,
      String(consumer.epoch),
      String(consumer.revision),
      `${consumer.kind.toLowerCase()} ${consumer.consumerId}`,
      consumer.state,
      consumer.behind === null ? '?' : String(consumer.behind),
      leaseText(consumer.leaseUntil, now),
      `${seconds(now - consumer.seenAt.getTime())} ago`,
    ]),
  ]);
  const problems = lags.flatMap(({ tenantId, problems: found }) =>
    found.map((problem) => `${tenantId}: ${problem}`),
  );
  return [table(header, rows), ...(problems.length > 0 ? ['', ...problems] : [])].join('\n');
}

function leaseText(until: Date | null, now: number): string {
  if (!until) return '-';
  const left = until.getTime() - now;
  return left > 0 ? seconds(left) : 'over';
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
}

function compare(session: Session): Command {
  return new Command('compare')
    .description('count the facts of a tenant anew, at the owner and at every gatekeeper')
    .option('--tenant <id>', 'only of this tenant')
    .addHelpText(
      'after',
      `
Verdicts, against what the rows of the owner come to:
  SAME       the same facts at the same revision
  DIFFERS    other facts at the same revision: admin sync resync
  FORKED     another history: admin restore plan
  MOVED      another revision, three times in a row: behind, or the tenant is written to; try again
  UNCOUNTED  one of the two does not say

Exits with 1 unless all are the SAME.

Examples:
  admin sync compare --tenant acme
  admin sync compare --json`,
    )
    .action(async ({ tenant }: { tenant?: string }, command: Command) => {
      await session.run(command, async ({ sync }, _operator, progress) => {
        const tenants = await sync.tenants(tenant === undefined ? { all: true } : { tenant });
        const comparisons: Comparison[] = [];
        for (const tenantId of tenants) {
          if (tenants.length > 1) progress(`${tenantId} …`);
          comparisons.push(await sync.compare.run(tenantId));
        }
        const agree = comparisons.every(({ agrees }) => agrees);
        const exitCode = agree ? EXIT.DONE : EXIT.FINDING;
        return { data: comparisons, text: comparisonText(comparisons), exitCode };
      });
    });
}

function comparisonText(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ tenantId, counts }) =>
    counts.map(({ who, epoch, revision, digest, verdict }) => [
      tenantId,
      who,
      String(epoch),
      String(revision),
      digest?.slice(0, 14) ?? '-',
      verdict,
    ]),
  );
  const errors = comparisons.flatMap(({ tenantId, errors: found }) =>
    found.map((error) => `${tenantId}: ${error}`),
  );
  const header = ['tenant', 'counted at', 'epoch', 'revision', 'facts', 'verdict'];
  return [table(header, rows), ...(errors.length > 0 ? ['', ...errors] : [])].join('\n');
}

function resync(session: Session): Command {
  return new Command('resync')
    .description('make every gatekeeper take a tenant from the owner anew')
    .option('--tenant <id>', 'the tenant')
    .option('--all', 'every tenant')
    .addHelpText(
      'after',
      `
Checks are answered meanwhile from what is there. A quarantine ends with it if what the owner sends
can be applied; a fence does not: see admin restore.

Exits with 1 when a gatekeeper could not be asked, or still answers nothing of a tenant.

Examples:
  admin sync resync --tenant acme
  admin sync resync --all --json`,
    )
    .action(async (choice: TenantChoice, command: Command) => {
      await session.run(command, async ({ sync }, _operator, progress) => {
        const tenants = await sync.tenants(choice);
        const done: { tenantId: string; gatekeepers: Resynced[] }[] = [];
        for (const tenantId of tenants) {
          if (choice.all) progress(`${tenantId} …`);
          done.push({ tenantId, gatekeepers: await sync.resync.run(tenantId) });
        }
        return resyncAnswer(done);
      });
    });
}

function lift(session: Session): Command {
  return new Command('lift')
    .description('lift the quarantine of a tenant: every gatekeeper takes it from the owner anew')
    .requiredOption('--tenant <id>', 'the tenant')
    .addHelpText(
      'after',
      `
A tenant is in quarantine where what the owner sent could not be applied. A fence, which means that
the owner has another history, is not lifted by this: see admin restore.

Exits with 1 when the tenant is barred still.

Example:
  admin sync lift --tenant acme`,
    )
    .action(async ({ tenant }: { tenant: string }, command: Command) => {
      await session.run(command, async ({ sync }) => {
        const found = await sync.resync.look(tenant);
        if (found.some(({ bar }) => bar?.state === 'FENCED')) {
          const answer = resyncAnswer([{ tenantId: tenant, gatekeepers: found }]);
          const why =
            'It is fenced: the owner has another history than gatekeeper knows. See admin restore plan.';
          return { ...answer, text: `${answer.text}\n\n${why}`, exitCode: EXIT.FINDING };
        }
        if (found.every(({ bar, error }) => !bar && !error)) {
          const answer = resyncAnswer([{ tenantId: tenant, gatekeepers: found }]);
          return { ...answer, text: `${answer.text}\n\nIt is not barred: nothing to lift.` };
        }
        const gatekeepers = await sync.resync.run(tenant);
        return resyncAnswer([{ tenantId: tenant, gatekeepers }]);
      });
    });
}

function forget(session: Session): Command {
  return new Command('forget')
    .description('forget a consumer that will not come back, so that nothing is kept for it')
    .requiredOption('--consumer <id>', 'as admin sync lag names it')
    .addHelpText(
      'after',
      `
Messages stay in the outbox until every projection has reached them: one that was given up would keep
them for ever. One that is there after all is known again once it tells how far it is, and takes from
the owner what it lacks. A replica is forgotten by itself, an hour after its last lease.

Example:
  admin sync forget --consumer retired.gatekeeper`,
    )
    .action(async ({ consumer }: { consumer: string }, command: Command) => {
      await session.run(command, async ({ sync }, operator) => {
        const forgotten = await sync.forget.run(operator, { consumerId: consumer });
        const { consumerId, tenants } = forgotten;
        return { data: forgotten, text: `${consumerId}: forgotten in ${tenants} tenants` };
      });
    });
}

function resyncAnswer(
  done: readonly { readonly tenantId: string; readonly gatekeepers: readonly Resynced[] }[],
): Answer {
  const rows = done.flatMap(({ tenantId, gatekeepers }) =>
    gatekeepers.map(({ url, tenant, bar, error }) => [
      tenantId,
      url,
      pointText(tenant?.projection?.point),
      pointText(tenant?.held),
      error ?? (bar ? `${bar.state}: ${bar.reason}` : tenant ? 'FOLLOWING' : 'no such tenant'),
    ]),
  );
  const header = ['tenant', 'gatekeeper', 'projection', 'memory', 'state'];
  const isWell = done.every(({ gatekeepers }) =>
    gatekeepers.every(({ bar, error, tenant }) => !bar && !error && tenant),
  );
  return { data: done, text: table(header, rows), exitCode: isWell ? EXIT.DONE : EXIT.FINDING };
}

function pointText(point: { epoch: number; revision: number } | null | undefined): string {
  return point ? `${point.epoch}/${point.revision}` : '-';
}
