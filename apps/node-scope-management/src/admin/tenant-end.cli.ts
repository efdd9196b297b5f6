import { Command } from 'commander';
import { LIMITED_KINDS } from '@bastion/access';
import { ApiError } from '@bastion/platform';
import { table } from './console.js';
import { EXIT } from './exit-code.js';
import { dataOf } from './receipt-data.js';
import type { Session } from './session.js';
import type { TenantRoom } from './tenant-list.query.js';

/** Limits as they are typed. */
type TypedLimits = Partial<Record<keyof TenantRoom['limits'], string>>;

/** `admin tenant limits …`: how large a tenant is and may become. */
export function limitsCommand(session: Session): Command {
  const command = new Command('limits')
    .description('show how large a tenant is and may become, or set it')
    .argument('<id>', 'the tenant')
    .addHelpText(
      'after',
      `
A tenant that is larger than a limit already keeps what it has, and may shrink.

Examples:
  admin tenant limits acme
  admin tenant limits acme --principals 5000 --assignments none`,
    );
  for (const kind of LIMITED_KINDS) {
    command.option(`--${kind} <number>`, `how many ${kind} at most; none: any number`);
  }
  return command.action(async (tenantId: string, typed: TypedLimits, self: Command) => {
    await session.run(self, async (services, operator) => {
      const given = LIMITED_KINDS.filter((kind) => typed[kind] !== undefined);
      if (given.length > 0) {
        const limits = Object.fromEntries(given.map((kind) => [kind, limitOf(typed[kind] ?? '')]));
        await services.tenants.setLimits.run({ operator }, { tenantId, limits });
      }
      const room = await services.tenantList.room(tenantId);
      const rows = LIMITED_KINDS.map((kind) => [
        kind,
        String(room.usage[kind]),
        String(room.limits[kind] ?? 'none'),
      ]);
      return { data: { id: tenantId, ...room }, text: table(['kind', 'has', 'limit'], rows) };
    });
  });
}

/** `none` lifts a limit. */
function limitOf(text: string): number | null {
  if (text === 'none') return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ApiError('INVALID_INPUT', 'A limit is a number, or none.');
}

/** `admin tenant export …` */
export function exportCommand(session: Session): Command {
  return new Command('export')
    .description('write all that a tenant owns, as it is at one revision, into a new file')
    .requiredOption('--tenant <id>', 'the tenant')
    .requiredOption('--out <file>', 'the file; there must be none of this name')
    .requiredOption('--reason <text>', 'why, for the audit')
    .addHelpText(
      'after',
      `
The file has a line of JSON for every row, the audit included, and at its end the SHA-256 of all the
lines before: one without it is not whole. It holds personal data.

Example:
  admin tenant export --tenant acme --out acme.jsonl --reason "end of contract"`,
    )
    .action(
      async (
        { tenant, out, reason }: { tenant: string; out: string; reason: string },
        command: Command,
      ) => {
        await session.run(command, async (services, operator) => {
          const input = { tenantId: tenant, reason };
          const summary = await services.tenants.export(operator, input, out);
          const { epoch, revision, rows, sha256 } = summary;
          const text = [
            `Tenant ${tenant} at epoch ${epoch}, revision ${revision}: ${rows} rows in ${out}`,
            `SHA-256 ${sha256}`,
          ].join('\n');
          return { data: { ...summary, out }, text };
        });
      },
    );
}

/** `admin tenant delete …` */
export function deleteCommand(session: Session): Command {
  return new Command('delete')
    .description('delete a suspended tenant for good and erase all that it had')
    .argument('<id>', 'the tenant')
    .requiredOption('--reason <text>', 'why, for the audit')
    .requiredOption('--confirm <id>', "the tenant's id once more: there is no way back")
    .addHelpText(
      'after',
      `
From the deletion on nobody is allowed anything in the tenant, and its id is never given again. Its rows
are erased at once; what cannot go yet, a serving process erases later: admin tenant list --deleted.
Export the tenant first: its audit goes with it.

Example:
  admin tenant delete acme --confirm acme --reason "end of contract"`,
    )
    .action(
      async (
        tenantId: string,
        { reason, confirm }: { reason: string; confirm: string },
        command: Command,
      ) => {
        if (confirm !== tenantId) {
          command.error('error: --confirm does not name the tenant', {
            exitCode: EXIT.WRONG_USAGE,
          });
        }
        await session.run(command, async (services, operator) => {
          const deleted = await services.tenants.delete(operator, { tenantId, reason });
          const rest = deleted.erased ? ' and erased' : '; the rest of its rows is erased later';
          const data = { ...dataOf(deleted), erased: deleted.erased };
          return { data, text: `Tenant ${deleted.id} is deleted${rest}.` };
        });
      },
    );
}
