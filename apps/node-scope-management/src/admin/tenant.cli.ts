import { Command } from 'commander';
import type { TenantStatus } from '@bastion/policy';
import type { RolesUpdated } from '../tenant/index.js';
import { table } from './console.js';
import { dataOf } from './receipt-data.js';
import type { Answer, Session } from './session.js';
import type { ListedTombstone } from './tenant-list.query.js';
import { deleteCommand, exportCommand, limitsCommand } from './tenant-end.cli.js';
import { chosenTenants, type TenantChoice } from './tenant-choice.js';

/** `admin tenant …` */
export function tenantCommands(session: Session): Command {
  return new Command('tenant')
    .description('tenants from their creation to their end')
    .addCommand(createTenant(session))
    .addCommand(listTenants(session))
    .addCommand(changeStatus(session, 'suspend', 'SUSPENDED', 'deny everyone in it everything'))
    .addCommand(changeStatus(session, 'resume', 'ACTIVE', 'end its suspension'))
    .addCommand(renameTenant(session))
    .addCommand(limitsCommand(session))
    .addCommand(exportCommand(session))
    .addCommand(deleteCommand(session))
    .addCommand(updateRoles(session));
}

interface CreateOptions {
  readonly name: string;
  readonly id?: string;
  readonly adminUserName: string;
  readonly adminDisplayName: string;
  readonly adminEmail?: string;
  readonly adminSubject: string;
}

function createTenant(session: Session): Command {
  return new Command('create')
    .description('create a tenant with its first administrator')
    .requiredOption('--name <name>', 'what the tenant is called')
    .option('--id <id>', "its id in tokens, such as the identity provider's (default: a new one)")
    .requiredOption('--admin-user-name <name>', 'user name of the first administrator')
    .requiredOption('--admin-display-name <name>', 'name of the first administrator')
    .option('--admin-email <address>', 'e-mail address of the first administrator')
    .requiredOption('--admin-subject <sub>', '`sub` of the tokens of the first administrator')
    .addHelpText(
      'after',
      `
The tenant "platform" comes first: its administrators are the operators of all the others.

Examples:
  admin tenant create --id platform --name Platform --admin-user-name olivia \\
    --admin-display-name "Olivia Op" --admin-subject 284917351038124033
  admin tenant create --name "Acme Bank" --admin-user-name alice@acme.example \\
    --admin-display-name "Alice Admin" --admin-subject 284917351038124034 --json`,
    )
    .action(async (options: CreateOptions, command: Command) => {
      await session.run(command, async (services, operator) => {
        const receipt = await services.createTenant.run(
          { operator },
          {
            id: options.id,
            name: options.name,
            admin: {
              userName: options.adminUserName,
              displayName: options.adminDisplayName,
              email: options.adminEmail,
              subject: options.adminSubject,
            },
          },
        );
        const text = `Tenant ${receipt.id} is created; ${options.adminUserName} administers it.`;
        return { data: dataOf(receipt), text };
      });
    });
}

function listTenants(session: Session): Command {
  return new Command('list')
    .description('list all tenants')
    .option('--deleted', 'what is left of those that were deleted')
    .addHelpText('after', '\nExamples:\n  admin tenant list --json\n  admin tenant list --deleted')
    .action(async ({ deleted }: { deleted?: boolean }, command: Command) => {
      await session.run(command, async (services) => {
        if (deleted) return tombstones(await services.tenantList.deleted());
        const tenants = await services.tenantList.run();
        const rows = tenants.map(({ id, name, status, createdAt }) => [
          id,
          name,
          status,
          createdAt.toISOString(),
        ]);
        return { data: tenants, text: table(['id', 'name', 'status', 'created'], rows) };
      });
    });
}

function tombstones(deleted: readonly ListedTombstone[]): Answer {
  const rows = deleted.map(({ id, deletedAt, erasedAt, erasedRows }) => [
    id,
    deletedAt.toISOString(),
    erasedAt?.toISOString() ?? 'under way',
    String(erasedRows),
  ]);
  return { data: deleted, text: table(['id', 'deleted', 'erased', 'rows'], rows) };
}

function renameTenant(session: Session): Command {
  return new Command('rename')
    .description('call a tenant by another name; its id stays')
    .argument('<id>', 'the tenant')
    .requiredOption('--name <name>', 'what it is called from now on')
    .addHelpText('after', '\nExample:\n  admin tenant rename acme --name "Acme Holding"')
    .action(async (tenantId: string, { name }: { name: string }, command: Command) => {
      await session.run(command, async (services, operator) => {
        const input = { tenantId, name };
        const { id } = await services.tenants.renameTenant.run({ operator }, input);
        return { data: { id, name }, text: `Tenant ${id} is called ${name} now.` };
      });
    });
}

function changeStatus(
  session: Session,
  verb: 'suspend' | 'resume',
  status: TenantStatus,
  effect: string,
): Command {
  return new Command(verb)
    .description(`${verb} a tenant: ${effect}`)
    .argument('<id>', 'the tenant')
    .requiredOption('--reason <text>', 'why, for the audit')
    .addHelpText('after', `\nExample:\n  admin tenant ${verb} acme --reason "ticket 4711"`)
    .action(async (tenantId: string, { reason }: { reason: string }, command: Command) => {
      await session.run(command, async (services, operator) => {
        const receipt = await services.changeTenantStatus.run({ operator }, status, {
          tenantId,
          reason,
        });
        const { id, ...rest } = dataOf(receipt);
        return { data: { id, status, ...rest }, text: `Tenant ${id} is ${status} now.` };
      });
    });
}

function updateRoles(session: Session): Command {
  return new Command('update-roles')
    .description('bring built-in roles to what this version says of them')
    .option('--tenant <id>', 'the tenant')
    .option('--all', 'every tenant')
    .addHelpText(
      'after',
      `
To be run after an update whose notes say that built-in roles have changed. Running it again changes
nothing; roles that a tenant made itself stay as they are.

Examples:
  admin tenant update-roles --tenant acme
  admin tenant update-roles --all --json`,
    )
    .action(async (choice: TenantChoice, command: Command) => {
      await session.run(command, async (services, operator, progress) => {
        const tenants = await chosenTenants(choice, async () =>
          (await services.tenantList.run()).map(({ id }) => id),
        );
        const done: RolesUpdated[] = [];
        for (const tenantId of tenants) {
          if (choice.all) progress(`${tenantId} …`);
          done.push(await services.updateBuiltInRoles.run({ operator }, { tenantId }));
        }
        const rows = done.map(({ id, revision, updated }) => [
          id,
          String(revision),
          updated.join(', ') || '-',
        ]);
        const data = done.map((receipt) => ({ ...dataOf(receipt), updated: receipt.updated }));
        return { data, text: table(['tenant', 'revision', 'updated'], rows) };
      });
    });
}
