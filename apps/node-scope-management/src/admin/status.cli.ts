import { Command } from 'commander';
import { table } from './console.js';
import type { Session } from './session.js';
import type { Status } from './status.query.js';

/** `admin status` */
export function statusCommand(session: Session): Command {
  return new Command('status')
    .description('show how far each tenant has come and what waits to be published')
    .addHelpText('after', '\nExample:\n  admin status --json')
    .action(async (_options: object, command: Command) => {
      await session.run(command, async (services) => {
        const status = await services.status.run();
        return { data: status, text: statusText(status) };
      });
    });
}

function statusText({ outbox: { pending, oldestUnsentAt }, tenants }: Status): string {
  const since = oldestUnsentAt ? `, the oldest since ${oldestUnsentAt.toISOString()}` : '';
  const rows = tenants.map((tenant) => [
    tenant.tenantId,
    String(tenant.epoch),
    String(tenant.revision),
    String(tenant.pending),
    tenant.oldestUnsentAt?.toISOString() ?? '-',
  ]);
  return [
    `Waiting to be published: ${pending}${since}`,
    '',
    table(['tenant', 'epoch', 'revision', 'pending', 'oldest unsent'], rows),
  ].join('\n');
}
