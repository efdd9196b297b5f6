import { Command } from 'commander';
import type { DecidedGrants, RestoredGrants } from '../restore/index.js';
import { table } from './console.js';
import { EXIT } from './exit-code.js';
import type { DecideOptions, RestoreOptions, RestoreResult } from './restore-services.js';
import { grantText, restoreText } from './restore-text.js';
import type { Session } from './session.js';
import type { TenantChoice } from './tenant-choice.js';

/** `admin restore …` */
export function restoreCommands(session: Session): Command {
  return new Command('restore')
    .description('after the database was restored to an earlier point: take back no revocation')
    .addCommand(plan(session))
    .addCommand(run(session))
    .addCommand(grants(session))
    .addCommand(approve(session))
    .addCommand(dismiss(session));
}

const ABOUT = `
gatekeeper is the witness: it is asked for what it saw happen after the restored point. What was taken
away then is taken away again; what was given is listed, for somebody to decide: see admin restore
grants. A new epoch begins, which every gatekeeper follows by itself. Consistency tokens of before
are worth nothing from then on.`;

function plan(session: Session): Command {
  return new Command('plan')
    .description('show what admin restore run would do')
    .option('--tenant <id>', 'the tenant')
    .option('--all', 'every tenant')
    .addHelpText(
      'after',
      `${ABOUT}

Exits with 1 when there is something to restore.

Examples:
  admin restore plan --tenant acme
  admin restore plan --all --json`,
    )
    .action(async (choice: TenantChoice, command: Command) => {
      await session.run(command, async (services, _operator, progress) => {
        return answer(await services.restore.plan(choice, progress));
      });
    });
}

function run(session: Session): Command {
  return new Command('run')
    .description('restore tenants, each in a transaction of its own')
    .option('--tenant <id>', 'the tenant')
    .option('--all', 'every tenant')
    .option('--dry-run', 'only show what would be done, as admin restore plan')
    .option('--without-witness', 'make gatekeeper follow the owner as it is, and ask nobody')
    .option('--reason <text>', 'why, for the audit')
    .addHelpText(
      'after',
      `${ABOUT}

Done twice it is done once, and it may be interrupted: run it again.

--without-witness takes nothing away: every revocation made after the restored point is undone by it.
It is for when what gatekeeper knows is lost as well, wants a --reason, and with --all takes only the
tenants of which gatekeeper has said that they are fenced.

Exits with 1 when a tenant could not be restored.

Examples:
  admin restore run --tenant acme --reason "incident 4711"
  admin restore run --all
  admin restore run --tenant acme --without-witness --reason "both databases lost, incident 4711"`,
    )
    .action(async (options: RestoreOptions, command: Command) => {
      await session.run(command, async (services, operator, progress) => {
        return answer(await services.restore.run(operator, options, progress));
      });
    });
}

function answer(results: readonly RestoreResult[]) {
  const isFinding = results.some(({ outcome }) => outcome === 'FAILED' || outcome === 'PLANNED');
  const texts = results.map((result) =>
    result.outcome === 'FAILED' ? `${result.tenantId}: ${result.error}` : restoreText(result),
  );
  return {
    data: results,
    text: texts.length === 0 ? 'There is no tenant to restore.' : texts.join('\n\n'),
    exitCode: isFinding ? EXIT.FINDING : EXIT.DONE,
  };
}

function grants(session: Session): Command {
  return new Command('grants')
    .description('list what a restore held back and nobody has decided on')
    .requiredOption('--tenant <id>', 'the tenant')
    .addHelpText(
      'after',
      `
In an order in which they can be given: the last column says whether each can be, once those above it
are. A "deny" goes the other way: it ended after the restored point, and to give is to end it again.

Examples:
  admin restore grants --tenant acme
  admin restore grants --tenant acme --json`,
    )
    .action(async ({ tenant }: { tenant: string }, command: Command) => {
      await session.run(command, async ({ restore }) => {
        const waiting = await restore.grants.run(tenant);
        return { data: waiting, text: grantsText(waiting) };
      });
    });
}

function grantsText({ grants: waiting, names }: RestoredGrants): string {
  if (waiting.length === 0) return 'Nothing waits for a decision.';
  const rows = waiting.map(({ id, fact, refusal }) => [
    id,
    fact.kind,
    grantText(fact, names),
    refusal ? `${refusal.code}: ${refusal.message}` : 'yes',
  ]);
  return table(['id', 'kind', 'what', 'can be given'], rows);
}

function approve(session: Session): Command {
  return decideCommand(
    session,
    'approve',
    'GIVEN',
    'give again what a restore held back',
    `
Each as a write of the operator's, by the rules that held when it was given first: what they refuse is
named, and waits on. Denies that had nothing to hang on come back with what they are about. People,
groups, scopes and roles come back under a made-up name, as gatekeeper knows none.

Exits with 1 when something was refused.

Examples:
  admin restore approve --tenant acme --all
  admin restore approve --tenant acme --grant 01a203b9-4c4c-7000-8000-000000000001`,
  );
}

function dismiss(session: Session): Command {
  return decideCommand(
    session,
    'dismiss',
    'DISMISSED',
    'let go of what a restore held back',
    `
It is not listed any more and changes nothing; who shall have it is given it as anybody is.

Example:
  admin restore dismiss --tenant acme --all --reason "given anew by the tenant"`,
  );
}

function decideCommand(
  session: Session,
  verb: string,
  decision: 'GIVEN' | 'DISMISSED',
  effect: string,
  help: string,
): Command {
  return new Command(verb)
    .description(effect)
    .requiredOption('--tenant <id>', 'the tenant')
    .option('--grant <id...>', 'those of them, by the ids that admin restore grants lists')
    .option('--all', 'all that wait')
    .option('--reason <text>', 'why, for the audit')
    .addHelpText('after', help)
    .action(async (options: DecideOptions, command: Command) => {
      await session.run(command, async ({ restore }, operator) => {
        const decided = await restore.decide(operator, decision, options);
        const exitCode = decided.refused.length > 0 ? EXIT.FINDING : EXIT.DONE;
        return { data: decided, text: decidedText(decided, decision), exitCode };
      });
    });
}

function decidedText(
  { decided, refused, consequences }: DecidedGrants,
  decision: 'GIVEN' | 'DISMISSED',
): string {
  const done = `${decision === 'GIVEN' ? 'Given' : 'Dismissed'}: ${decided.length}`;
  return [
    refused.length > 0 ? `${done}, refused: ${refused.length}` : done,
    ...(consequences > 0 ? [`Restrictions that came back with it: ${consequences}`] : []),
    ...refused.map(({ id, code, message }) => `  ${id} ${code}: ${message}`),
  ].join('\n');
}
