import { Command, CommanderError } from 'commander';
import { auditCommands } from './audit.cli.js';
import type { Streams } from './console.js';
import { deadLetterCommands } from './dead-letters.cli.js';
import { EXIT, EXIT_CODES_HELP } from './exit-code.js';
import { replayCommand } from './replay.cli.js';
import { restoreCommands } from './restore.cli.js';
import { Session } from './session.js';
import { statusCommand } from './status.cli.js';
import { syncCommands } from './sync.cli.js';
import { tenantCommands } from './tenant.cli.js';

/** Runs the operator's command and returns its exit status. Never rejects. */
export async function runAdmin(args: readonly string[], streams: Streams): Promise<number> {
  const session = new Session(streams);
  try {
    await adminCommand(session, streams).parseAsync(args, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    // Commander has said already what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.DONE : EXIT.WRONG_USAGE;
    const { complain } = await import('./complain.js');
    return complain(error, args.includes('--json'), streams);
  }
}

function adminCommand(session: Session, streams: Streams): Command {
  const admin = new Command('admin')
    .description("the operator's command of node-scope-management, on its databases")
    .option('--json', 'print JSON on one line, errors too')
    .option('--operator <name>', 'who acts, for the audit (default: your account on this machine)')
    .addHelpText('after', EXIT_CODES_HELP)
    .addCommand(tenantCommands(session))
    .addCommand(auditCommands(session))
    .addCommand(statusCommand(session))
    .addCommand(deadLetterCommands(session))
    .addCommand(replayCommand(session))
    .addCommand(syncCommands(session))
    .addCommand(restoreCommands(session));
  inAll(admin, (command) =>
    command
      .exitOverride()
      .showHelpAfterError('(--help shows how)')
      .configureOutput({
        writeOut: (text) => streams.out.write(text),
        writeErr: (text) => streams.error.write(text),
      }),
  );
  return admin;
}

function inAll(command: Command, set: (command: Command) => void): void {
  set(command);
  for (const child of command.commands) inAll(child, set);
}
