import type { ListedDeadLetter, Redriven } from '@bastion/platform/amqp';
import { Command, InvalidArgumentError } from 'commander';
import { table } from './console.js';
import { EXIT } from './exit-code.js';
import type { Session } from './session.js';

const DEFAULT_LISTED = 100;
const DEFAULT_REDRIVEN = 1_000;

interface ListOptions {
  readonly tenant?: string;
  readonly limit: number;
  readonly bodies?: boolean;
}

/** `admin dead-letters …` */
export function deadLetterCommands(session: Session): Command {
  return new Command('dead-letters')
    .description('look at the messages that gatekeeper gave up, and give them back to it')
    .addCommand(list(session))
    .addCommand(redrive(session));
}

function list(session: Session): Command {
  return new Command('list')
    .description('list dead letters, which stay where they are')
    .option('--tenant <id>', 'only of this tenant')
    .option('--limit <number>', 'at most so many', limit, DEFAULT_LISTED)
    .option('--bodies', 'show what is in them too, in the order of the table')
    .addHelpText(
      'after',
      `
While they are looked at, nobody else can take them. The broker counts each look as a delivery.

Examples:
  admin dead-letters list --tenant acme
  admin dead-letters list --limit 1 --bodies --json`,
    )
    .action(async ({ tenant, limit, bodies = false }: ListOptions, command: Command) => {
      await session.run(command, async ({ deadLetters }) => {
        const found = await deadLetters.list({ tenantId: tenant, limit, bodies });
        const now = Date.now();
        const letters = found.letters.map((letter) => ({
          ...letter,
          ageSeconds: age(letter, now),
        }));
        return { data: { ...found, letters }, text: listText({ ...found, letters }) };
      });
    });
}

function redrive(session: Session): Command {
  return new Command('redrive')
    .description('move dead letters back into the queue of the projection')
    .option('--tenant <id>', 'only of this tenant')
    .option('--limit <number>', 'at most so many', limit, DEFAULT_REDRIVEN)
    .addHelpText(
      'after',
      `
What gatekeeper has applied already, it drops, so this is always safe. What it cannot apply is a dead
letter again soon. Exits with 4 when the broker did not take all of them.

Examples:
  admin dead-letters redrive
  admin dead-letters redrive --tenant acme --limit 10`,
    )
    .action(async ({ tenant, limit }: ListOptions, command: Command) => {
      await session.run(command, async ({ deadLetters }) => {
        const redriven = await deadLetters.redrive({ tenantId: tenant, limit });
        const exitCode = redriven.refused > 0 ? EXIT.UNAVAILABLE : EXIT.DONE;
        return { data: redriven, text: redrivenText(redriven), exitCode };
      });
    });
}

interface AgedDeadLetters {
  readonly inQueue: number;
  readonly letters: readonly (ListedDeadLetter & { readonly ageSeconds: number | null })[];
}

function age({ firstDiedAt }: ListedDeadLetter, now: number): number | null {
  // The broker's clock is not ours.
  return firstDiedAt && Math.max(0, Math.round((now - firstDiedAt.getTime()) / 1_000));
}

function listText({ inQueue, letters }: AgedDeadLetters): string {
  const summary = `Dead letters: ${inQueue}, shown: ${letters.length}`;
  if (letters.length === 0) return summary;
  const header = ['tenant', 'epoch', 'revision', 'type', 'reason', 'deaths', 'first died'];
  const rows = letters.map((letter) => [
    ...[letter.tenantId, letter.epoch, letter.revision, letter.type, letter.reason].map(cell),
    ...[letter.deaths, letter.firstDiedAt?.toISOString(), letter.ageSeconds, letter.bytes].map(
      cell,
    ),
  ]);
  const bodies = letters.flatMap(({ body }, index) =>
    body ? [`${index + 1}: ${cell(Object.values(body)[0])}`] : [],
  );
  return [
    summary,
    '',
    table([...header, 'age (s)', 'bytes'], rows),
    ...(bodies.length > 0 ? ['', ...bodies] : []),
  ].join('\n');
}

function redrivenText({ moved, refused, left }: Redriven): string {
  const refusal = `The broker did not take ${refused}: is the projection's queue there, and not full?`;
  return [`Moved: ${moved}, left: ${left}`, ...(refused > 0 ? [refusal] : [])].join('\n');
}

/** Anything may stand in a message; what moves a terminal's cursor must not get there. */
function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '-');
  return text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}

function limit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number.');
}
