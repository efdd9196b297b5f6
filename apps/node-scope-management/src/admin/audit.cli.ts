import { Command } from 'commander';
import { EXIT } from './exit-code.js';
import type { Session } from './session.js';

/** `admin audit …` */
export function auditCommands(session: Session): Command {
  return new Command('audit').description('check the audit chains').addCommand(verify(session));
}

function verify(session: Session): Command {
  return new Command('verify')
    .description("walk a tenant's audit chain and name the first entry that is not as written")
    .requiredOption('--tenant <id>', 'the tenant')
    .addHelpText(
      'after',
      '\nExits with 1 when the chain is broken.\n\nExample:\n  admin audit verify --tenant acme',
    )
    .action(async ({ tenant }: { tenant: string }, command: Command) => {
      await session.run(command, async (services) => {
        const result = await services.verifyAudit.run(tenant);
        const { firstBreak, intact } = result;
        if (!firstBreak) return { data: result, text: `All ${intact} entries are intact.` };
        const { sequence, problem, expected, found } = firstBreak;
        const text = [
          `The chain is broken at entry ${sequence}: ${problem}`,
          `  expected ${expected}`,
          `  found    ${found}`,
          `The ${intact} entries before it are intact.`,
        ].join('\n');
        return { data: result, text, exitCode: EXIT.FINDING };
      });
    });
}
