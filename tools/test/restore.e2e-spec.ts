import { setTimeout as sleep } from 'node:timers/promises';
import type { Question } from '../api/gatekeeper.js';
import { runAdmin } from '../stack/admin-command.js';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';

const PERMISSION = 'document:read';

let platform: TemporaryPlatform;

beforeAll(async () => {
  // Leases short, so that the test need not wait long for what must not be allowed after them.
  platform = await startTemporaryPlatform(() => undefined, {
    separateDatabases: true,
    environment: { gatekeeper: { LEASE_MS: '2000', HEADS_INTERVAL_MS: '400' } },
  });
}, 180_000);

afterAll(() => platform?.stop(), 60_000);

/** People who read in one folder, each by another way that can be taken away. */
async function readers(admin: TenantAdmin) {
  const { api, rootScopeId, roleId } = admin;
  const folder = await api.createScope('Folder', 'folder', rootScopeId);
  const group = await api.createGroup('Readers');
  const grant = (granteeKind: 'USER' | 'GROUP', granteeId: string) =>
    api.assignRole({ granteeKind, granteeId, roleId: roleId('reader'), scopeId: folder.id });
  await grant('GROUP', group.id);
  const user = (name: string) =>
    api.createUser(`${name}@${admin.tenantId}`, `${name}|${folder.id}`);
  const unassigned = await user('unassigned');
  const assignment = await grant('USER', unassigned.id);
  const removed = await user('removed');
  const denied = await user('denied');
  const kept = await user('kept');
  await api.addGroupMembers(
    group.id,
    [removed, denied, kept].map(({ id }) => ({ kind: 'USER', id }) as const),
  );
  const late = await user('late');
  const question = ({ id }: { id: string }): Question => ({
    principalId: id,
    permission: PERMISSION,
    scopeId: folder.id,
  });
  return { folder, group, assignment, grant, question, unassigned, removed, denied, kept, late };
}

async function allowed(admin: TenantAdmin, question: Question): Promise<boolean> {
  return (await admin.gatekeeper.check(question)).allowed;
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (!(await look())) {
    if (performance.now() > giveUpAt) throw new Error(`Not within a minute: ${what}`);
    await sleep(100);
  }
}

async function restoreOwner(backup: string): Promise<void> {
  await platform.scopeManagement.stop();
  await platform.stack.databaseServers.scopeManagement!.restore(backup);
  await platform.scopeManagement.start();
}

describe('the owner restored to an earlier base backup', () => {
  it('gives back nothing that was taken away since, and lists what was given', async () => {
    const admin = await platform.createTenant('restored');
    const { api, roleId } = admin;
    const world = await readers(admin);
    const { folder, group, grant, question, unassigned, removed, denied, kept, late } = world;
    await platform.stack.databaseServers.scopeManagement!.backup('before');

    await api.unassignRole(world.assignment.id);
    await api.removeGroupMembers(group.id, [{ kind: 'USER', id: removed.id }]);
    await api.assignRole({
      ...{ granteeKind: 'USER', granteeId: denied.id, effect: 'DENY' },
      ...{ roleId: roleId('reader'), scopeId: folder.id },
    });
    const given = await grant('USER', late.id);
    const revoked = [unassigned, removed, denied].map(question);
    for (const each of revoked) {
      expect(await admin.gatekeeper.check(each, given.consistencyToken)).toMatchObject({
        allowed: false,
      });
    }
    expect(await allowed(admin, question(late))).toBe(true);

    await restoreOwner('before');
    // Nobody has said anything to anyone: gatekeeper notices by itself, and answers nothing.
    await until('the tenant is fenced', async () => {
      for (const each of revoked) expect(await allowed(admin, each)).toBe(false);
      return (await admin.gatekeeper.check(question(kept))).reason === 'QUARANTINED';
    });

    await runAdmin(platform.adminEnvironment, ['restore', 'run', '--tenant', 'restored']);
    await until('the tenant answers again', () => allowed(admin, question(kept)));
    for (const each of revoked) {
      expect(await admin.gatekeeper.check(each)).toMatchObject({ allowed: false });
    }
    expect(await allowed(admin, question(late))).toBe(false);

    await runAdmin(platform.adminEnvironment, [
      ...['restore', 'approve', '--tenant', 'restored', '--all'],
    ]);
    await until('the approved grant is enforced', () => allowed(admin, question(late)));
    for (const each of revoked) {
      expect(await admin.gatekeeper.check(each)).toMatchObject({ allowed: false });
    }
  }, 240_000);

  it('is noticed though it has counted on from there before anyone looked', async () => {
    const admin = await platform.createTenant('counted-on');
    const { assignment, group, question, unassigned, kept } = await readers(admin);
    await platform.stack.databaseServers.scopeManagement!.backup('earlier');
    await admin.api.unassignRole(assignment.id);
    await until(
      'the revocation is enforced',
      async () => !(await allowed(admin, question(unassigned))),
    );

    await platform.gatekeeper.stop();
    await restoreOwner('earlier');
    for (let n = 0; n < 3; n += 1) await admin.api.createGroup(`after the restore ${n}`);
    await platform.gatekeeper.start();
    await until('the tenant is fenced', async () => {
      expect(await allowed(admin, question(unassigned))).toBe(false);
      return (await admin.gatekeeper.check(question(kept))).reason === 'QUARANTINED';
    });

    await runAdmin(platform.adminEnvironment, ['restore', 'run', '--all']);
    await until('the tenant answers again', () => allowed(admin, question(kept)));
    expect(await allowed(admin, question(unassigned))).toBe(false);
    await admin.api.removeGroupMembers(group.id, [{ kind: 'USER', id: kept.id }]);
    await until('it follows again', async () => !(await allowed(admin, question(kept))));
  }, 240_000);
});

describe('gatekeeper restored to an earlier base backup', () => {
  it('takes from the owner what it has missed', async () => {
    const admin = await platform.createTenant('behind');
    const { assignment, question, unassigned, kept } = await readers(admin);
    await until('the grants are enforced', () => allowed(admin, question(unassigned)));
    await platform.stack.databaseServers.gatekeeper!.backup('behind');
    const { consistencyToken } = await admin.api.unassignRole(assignment.id);
    expect(await admin.gatekeeper.check(question(unassigned), consistencyToken)).toMatchObject({
      allowed: false,
    });

    await platform.gatekeeper.stop();
    await platform.stack.databaseServers.gatekeeper!.restore('behind');
    await platform.gatekeeper.start();
    await until('the tenant answers', () => allowed(admin, question(kept)));
    expect(await admin.gatekeeper.check(question(unassigned))).toMatchObject({ allowed: false });
  }, 240_000);
});
