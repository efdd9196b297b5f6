import 'reflect-metadata';
import {
  AppDatabase,
  AssignRoleCommand,
  CreateTenantCommand,
  createNodeScopeManagement,
  PLATFORM_TENANT,
  TenantReader,
  type TenantTransaction,
  UnassignRoleCommand,
} from '@bastion/node-scope-management/service';
import type { TemporaryPlatform } from '../../stack/temporary-platform.js';

const TENANTS = 8;

type Caller = Parameters<AssignRoleCommand['run']>[0];

interface Writer {
  readonly caller: Caller;
  readonly adminId: string;
  readonly scopeId: string;
  readonly roleId: string;
}

export interface OutboxShare {
  /** Of a write's time, 0 to 1; one per round. */
  readonly shares: readonly number[];
  readonly writesPerSecondWith: number;
}

/**
 * The same commands, reads and audit with and without their outbox row and what publishes it, in
 * turns within one process and on the same database, eight tenants at a time. Stops the gatekeepers.
 */
export async function measureOutboxShare(
  platform: TemporaryPlatform,
  { rounds, secondsEach }: { readonly rounds: number; readonly secondsEach: number },
): Promise<OutboxShare> {
  // What they do with a message is not the outbox's.
  for (const { service } of platform.gatekeepers) await service.stop();
  // The service reads its configuration from the environment, as it does in a process of its own.
  Object.assign(process.env, platform.adminEnvironment, { NSM_PORT: '0', LOG_LEVEL: 'silent' });
  const app = await createNodeScopeManagement();
  try {
    await app.init();
    const writers: Writer[] = [];
    for (let index = 0; index < TENANTS; index += 1) {
      writers.push(await createWriter(app, `share-${index}`));
    }
    const outbox = new OutboxSwitch(app.get(AppDatabase));
    const commands = { assign: app.get(AssignRoleCommand), unassign: app.get(UnassignRoleCommand) };
    await writeFor(1, writers, commands);
    const shares: number[] = [];
    let withOutbox = 0;
    for (let round = 0; round < rounds; round += 1) {
      outbox.on = true;
      const timeWith = await writeFor(secondsEach, writers, commands);
      outbox.on = false;
      const timeWithout = await writeFor(secondsEach, writers, commands);
      shares.push(1 - timeWithout / timeWith);
      withOutbox += 1_000 / timeWith / rounds;
    }
    return { shares, writesPerSecondWith: withOutbox };
  } finally {
    await app.close();
  }
}

/** Leaves the outbox row out of every transaction while it is off. */
class OutboxSwitch {
  on = true;

  constructor(database: AppDatabase) {
    const inTurn = database.inTurn.bind(database);
    database.inTurn = <T>(tenantId: string, run: (tx: TenantTransaction) => Promise<T>) =>
      inTurn(tenantId, (tx) => run(this.on ? tx : withoutOutbox(tx)));
  }
}

function withoutOutbox(tx: TenantTransaction): TenantTransaction {
  const outboxMessage = { create: () => Promise.resolve({}) };
  return new Proxy(tx, {
    get: (target, name) =>
      name === 'outboxMessage' ? outboxMessage : (Reflect.get(target, name) as unknown),
  });
}

async function createWriter(
  app: Awaited<ReturnType<typeof createNodeScopeManagement>>,
  tenantId: string,
): Promise<Writer> {
  const subject = `admin@${tenantId}`;
  const admin = { userName: 'admin', displayName: 'Admin', subject };
  await app
    .get(CreateTenantCommand)
    .run({ operator: PLATFORM_TENANT }, { id: tenantId, name: tenantId, admin });
  const caller = { tenantId, subject, issuer: 'bench', requestId: 'bench' };
  return app.get(TenantReader).read(caller, null, (_tx, { snapshot, self }) => {
    const reader = [...snapshot.roles()].find(({ privileged }) => !privileged);
    const root = snapshot.rootScope();
    if (!reader || !root) throw new Error('a tenant without roles or root');
    return Promise.resolve({
      ...{ caller, adminId: self.id, scopeId: root.id, roleId: reader.id },
    });
  });
}

/** Milliseconds of a write: every writer grants and revokes in turns for so long. */
async function writeFor(
  seconds: number,
  writers: readonly Writer[],
  {
    assign,
    unassign,
  }: { readonly assign: AssignRoleCommand; readonly unassign: UnassignRoleCommand },
): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  let writes = 0;
  const write = async ({ caller, adminId, scopeId, roleId }: Writer): Promise<void> => {
    while (performance.now() < end) {
      const { id } = await assign.run(caller, {
        ...{ granteeKind: 'USER', granteeId: adminId, roleId, scopeId },
        ...{ reach: 'SELF', effect: 'ALLOW' },
      });
      await unassign.run(caller, { assignmentId: id });
      writes += 2;
    }
  };
  await Promise.all(writers.map(write));
  return (performance.now() - begun) / writes;
}
