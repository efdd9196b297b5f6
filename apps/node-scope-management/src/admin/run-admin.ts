import { ConfigError, describeError } from '@bastion/platform';
import { Command, CommanderError } from 'commander';
import { auditCommands } from './audit.cli.js';
import type { Streams } from './console.js';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from './exit-code.js';
import { Session } from './session.js';
import { statusCommand } from './status.cli.js';
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
    .addCommand(statusCommand(session));
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

function complain(error: unknown, json: boolean, { error: stream }: Streams): number {
  if (error instanceof ConfigError) {
    stream.write(json ? jsonLine('UNAVAILABLE', error.message) : `${error.message}\n`);
    return EXIT.UNAVAILABLE;
  }
  const { answer } = describeError(error);
  const { code } = answer;
  // There is no log to look into: what the API would hide is told here.
  const message = code === 'INTERNAL_ERROR' ? String(error) : answer.message;
  stream.write(json ? jsonLine(code, message) : `${code}: ${message}\n`);
  return exitCodeOf(code);
}

function jsonLine(code: string, message: string): string {
  return `${JSON.stringify({ error: { code, message } })}\n`;
}
