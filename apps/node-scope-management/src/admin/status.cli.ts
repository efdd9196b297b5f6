import { Command } from 'commander';
import { BacklogQuery, HeadsQuery } from '../outbox/index.js';
import { table } from './console.js';
import type { Session } from './session.js';

/** `admin status` */
export function statusCommand(session: Session): Command {
  return new Command('status')
    .description('show how far each tenant has come and what waits to be published')
    .addHelpText('after', '\nExample:\n  admin status --json')
    .action(async (_options: object, command: Command) => {
      await session.run(command, async (services) => {
        const { heads } = await services.get(HeadsQuery).run({});
        const backlog = await services.get(BacklogQuery).run();
        const waiting = new Map(backlog.map((tenant) => [tenant.tenantId, tenant]));
        const tenants = heads
          .map((head) => ({
            ...head,
            pending: waiting.get(head.tenantId)?.pending ?? 0,
            oldestUnsentAt: waiting.get(head.tenantId)?.oldestCommittedAt ?? null,
          }))
          .sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
        const oldest = backlog.map((tenant) => tenant.oldestCommittedAt.getTime());
        const outbox = {
          pending: backlog.reduce((sum, tenant) => sum + tenant.pending, 0),
          oldestUnsentAt: oldest.length > 0 ? new Date(Math.min(...oldest)) : null,
        };
        return { data: { outbox, tenants }, text: statusText(outbox, tenants) };
      });
    });
}

interface Outbox {
  readonly pending: number;
  readonly oldestUnsentAt: Date | null;
}

interface TenantStatus extends Outbox {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
}

function statusText({ pending, oldestUnsentAt }: Outbox, tenants: readonly TenantStatus[]): string {
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
