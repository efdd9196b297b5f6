import { EVERYONE } from '@bastion/policy';
import type { Question } from '../api/gatekeeper.js';
import { type Made, type RoleGrant, ScopeManagement } from '../api/scope-management.js';
import type { TemporaryPlatform, TenantAdmin } from '../stack/temporary-platform.js';
import { Story } from './story.js';

/**
 * What else an identity team does: people come, are suspended and leave; everybody is given something;
 * a scope is cut off, and what passes through; a role is retired; and what is refused. Rejects with
 * WrongAnswer.
 */
export async function tellAccessModel(
  platform: TemporaryPlatform,
  admin: TenantAdmin,
  print: (line: string) => void,
): Promise<void> {
  const story = new Story(admin.gatekeeper, print);
  const scope = (name: string, type: string, parentId: string) =>
    admin.api.createScope(name, type, parentId);
  const legal = await scope('Legal', 'workspace', admin.rootScopeId);
  const vault = await scope('Vault', 'folder', legal.id);
  await tellLifecycle(story, admin, legal);
  await tellEveryone(story, admin, legal);
  await tellCut(story, admin, legal, vault);
  await tellRetirement(story, admin, legal);
  await tellRefusals(story, platform, admin, legal);
}

const may = (principal: Made, permission: string, { id: scopeId }: Made): Question => ({
  principalId: principal.id,
  permission,
  scopeId,
});

const toUser = (user: Made, roleId: string, { id: scopeId }: Made): RoleGrant => ({
  ...{ granteeKind: 'USER', granteeId: user.id, roleId, scopeId },
});

async function tellLifecycle(story: Story, { api, roleId }: TenantAdmin, legal: Made) {
  const dana = await story.write('Dana is invited, with the role reader on Legal', async () => {
    const invited = await api.createUser('dana@demo.example', 'demo|dana', 'Dana', 'INVITED');
    const granted = await api.assignRole(toUser(invited, roleId('reader'), legal));
    return { ...granted, id: invited.id };
  });
  const reads = ['Dana reads documents in Legal', may(dana, 'document:read', legal)] as const;
  await story.expect(...reads, 'DENY PRINCIPAL_INACTIVE');
  await story.write('Dana accepts', () => api.activateUser(dana.id));
  await story.expect(...reads, 'ALLOW ALLOWED_BY');
  await story.write('Dana is suspended, and keeps what she holds', () => api.suspendUser(dana.id));
  await story.expect(...reads, 'DENY PRINCIPAL_INACTIVE');
  await story.write('Dana is back', () => api.activateUser(dana.id));
  await story.expect(...reads, 'ALLOW ALLOWED_BY');
  await story.write('Dana leaves for good', () => api.deprovisionUser(dana.id));
  await story.expect(...reads, 'DENY PRINCIPAL_INACTIVE');
  await story.refuse(
    'Somebody tries to bring her back',
    () => api.activateUser(dana.id),
    'INVALID_STATUS_CHANGE',
  );
}

async function tellEveryone(story: Story, { api, roleId }: TenantAdmin, legal: Made) {
  await story.write('Everyone is granted the role reader on Legal', () =>
    api.assignRole({
      ...{ granteeKind: 'GROUP', granteeId: EVERYONE },
      ...{ roleId: roleId('reader'), scopeId: legal.id },
    }),
  );
  const erin = await story.write('Erin is created', () =>
    api.createUser('erin@demo.example', 'demo|erin', 'Erin'),
  );
  await story.expect(
    'Erin reads documents in Legal',
    may(erin, 'document:read', legal),
    'ALLOW ALLOWED_BY',
  );
}

async function tellCut(story: Story, admin: TenantAdmin, legal: Made, vault: Made) {
  const { api, roleId } = admin;
  const finn = await api.createUser('finn@demo.example', 'demo|finn', 'Finn');
  const ada = await api.createUser('ada@demo.example', 'demo|ada', 'Ada');
  await story.write('Finn is writer on Legal and in the Vault, Ada is auditor', async () => {
    await api.assignRole(toUser(ada, roleId('auditor'), { ...legal, id: admin.rootScopeId }));
    await api.assignRole(toUser(finn, roleId('writer'), vault));
    return api.assignRole(toUser(finn, roleId('writer'), legal));
  });
  await story.write('The Vault is cut off from Legal', () =>
    api.setScopeInheritance(vault.id, false),
  );
  const writes = [
    'Finn writes documents in the Vault',
    may(finn, 'document:write', vault),
  ] as const;
  await story.expect(...writes, 'ALLOW ALLOWED_BY');
  await story.expect(
    'Ada, whose role pierces, still sees that it is there',
    may(ada, 'scope:read', vault),
    'ALLOW ALLOWED_BY',
  );
  await story.write('Finn is denied the role writer on Legal', () =>
    api.assignRole({ ...toUser(finn, roleId('writer'), legal), effect: 'DENY' }),
  );
  await story.expect(`${writes[0]}: a deny passes the cut`, writes[1], 'DENY DENIED_BY');
}

async function tellRetirement(story: Story, { api }: TenantAdmin, legal: Made) {
  const gina = await api.createUser('gina@demo.example', 'demo|gina', 'Gina');
  const editor = await api.createRole('Editor', ['document:publish']);
  await story.write('Gina is Editor, a role of the tenant’s own, on Legal', () =>
    api.assignRole(toUser(gina, editor.id, legal)),
  );
  const publishes = ['Gina publishes in Legal', may(gina, 'document:publish', legal)] as const;
  await story.expect(...publishes, 'ALLOW ALLOWED_BY');
  await story.write('The role Editor is retired', () => api.retireRole(editor.id));
  await story.expect(...publishes, 'DENY NO_ASSIGNMENT');
  await story.refuse(
    'Somebody tries to assign it again',
    () => api.assignRole(toUser(gina, editor.id, legal)),
    'NOT_FOUND',
  );
}

async function tellRefusals(
  story: Story,
  platform: TemporaryPlatform,
  { tenantId, api, client, roleId, rootScopeId }: TenantAdmin,
  legal: Made,
) {
  const hal = await api.createUser('hal@demo.example', 'demo|hal', 'Hal');
  await story.write('Hal is manager on Legal', () =>
    api.assignRole(toUser(hal, roleId('manager'), legal)),
  );
  const asHal = new ScopeManagement(platform.clientOf(tenantId, 'demo|hal'));
  await story.refuse(
    'Hal tries to make himself tenant administrator there',
    () => asHal.assignRole(toUser(hal, roleId('tenant-admin'), legal)),
    'ESCALATION',
  );
  const { me } = await client.request<{ me: { user: { id: string } } }>('{ me { user { id } } }');
  await story.refuse(
    'The administrator, who is the only one, tries to leave',
    () => api.suspendUser(me.user.id),
    'LAST_ADMIN',
  );
  await story.refuse(
    'Hal looks for a scope above his own',
    () => asHal.createScope('Mine', 'workspace', rootScopeId),
    'FORBIDDEN',
  );
}
