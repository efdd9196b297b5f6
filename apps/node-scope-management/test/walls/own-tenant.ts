import { EraseTenantCommand } from '../../src/tenant/index.js';
import { eventually } from '../support/eventually.js';
import { Seed } from '../support/seed.js';
import type { TestService, TestTenant } from '../support/test-service.js';

/** The tenant that looks at the wall from its side, and makes there what samples need. */
export class OwnTenant {
  readonly seed: Seed;
  private count = 0;

  constructor(
    private readonly service: TestService,
    readonly tenant: TestTenant,
  ) {
    this.seed = new Seed(service, tenant);
  }

  get rootScopeId(): string {
    return this.tenant.rootScopeId;
  }

  newName(kind: string): string {
    this.count += 1;
    return `sample-${kind}-${this.count}`;
  }

  newPerson(): Record<string, string> {
    const userName = this.newName('person');
    const [email, subject] = [`${userName}@acme.example`, this.newName('subject')];
    return { userName, displayName: userName, email, subject };
  }

  newProfile() {
    const externalId = this.newName('external');
    return {
      metadata: { department: 'samples' },
      externalIds: [{ connection: 'manual', externalId }],
    };
  }

  /** A role assignment, by everything that it names. */
  async grant(): Promise<Record<'id' | 'granteeId' | 'roleId' | 'scopeId', string>> {
    const granteeId = await this.seed.user();
    const roleId = await this.seed.role(['document:read']);
    const scopeId = await this.seed.scope();
    return {
      id: await this.seed.assignment(granteeId, roleId, scopeId),
      granteeId,
      roleId,
      scopeId,
    };
  }

  /** A registered one, and its scope. */
  async resource() {
    const resource = { type: 'document', id: this.newName('document') };
    const scopeId = await this.seed.scope();
    await this.seed.resource(resource, scopeId);
    return { resource, scopeId };
  }

  /** One that has been something else before. */
  async changedRole(): Promise<string> {
    const id = await this.seed.role(['document:read']);
    await this.seed.changeRole(id, ['document:list']);
    return id;
  }

  /** Until the erasure of what was deleted, which would go on by itself, changes nothing any more. */
  erasuresDone(): Promise<void> {
    return eventually(async () => {
      await this.service.app.get(EraseTenantCommand).runAll(new AbortController().signal);
      const [row] = await this.service.database.query<{ left: number }>(
        `SELECT count(*)::int AS left FROM tenants
         WHERE deleted_at IS NOT NULL AND erased_at IS NULL`,
      );
      return row?.left === 0;
    });
  }

  /** One that signs in by its id, so that its answers say nothing that is told apart. */
  async userOfNoName(): Promise<string> {
    const { createUser } = await this.tenant.admin.answer<{ createUser: { user: { id: string } } }>(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
      { input: { userName: this.newName('user'), displayName: 'Nobody in particular' } },
    );
    return createUser.user.id;
  }

  async machineOfNoName(): Promise<string> {
    const { createServiceAccount } = await this.tenant.admin.answer<{
      createServiceAccount: { serviceAccount: { id: string } };
    }>(
      `mutation ($input: CreateServiceAccountInput!) {
        createServiceAccount(input: $input) { serviceAccount { id } }
      }`,
      { input: { name: 'Nothing in particular' } },
    );
    return createServiceAccount.serviceAccount.id;
  }

  async groupWithMember(): Promise<string> {
    return this.seed.group([{ kind: 'USER', id: await this.seed.user() }]);
  }

  /** Of the groups, by everything that it can name. */
  async groupFilter(): Promise<Record<string, string>> {
    const [memberId, externalId] = [await this.seed.user(), this.newName('external-id')];
    return { search: 'group', managedBy: 'scim:okta', externalId, memberId };
  }

  /** Somebody's access to a scope, as known clients give and take it. */
  async accesses(): Promise<Record<string, unknown>> {
    const scopeId = await this.seed.scope();
    const entityId = await this.seed.user();
    return {
      scopeId,
      scopeAccesses: [{ accessType: 'READ', entityId, entityType: 'USER' }],
      applyToSubScopes: true,
      skipFileAccessPropagation: true,
    };
  }

  async groupInGroup(): Promise<string> {
    const id = await this.seed.group();
    await this.seed.group([{ kind: 'GROUP', id }]);
    return id;
  }

  async suspendedUser(): Promise<string> {
    const id = await this.seed.user();
    await this.tenant.admin.answer(
      'mutation ($id: ID!) { suspendUser(userId: $id) { revision } }',
      { id },
    );
    return id;
  }

  async suspendedServiceAccount(): Promise<string> {
    const id = await this.seed.serviceAccount();
    await this.tenant.admin.answer(
      'mutation ($id: ID!) { suspendServiceAccount(serviceAccountId: $id) { revision } }',
      { id },
    );
    return id;
  }

  async endedUser(): Promise<string> {
    const id = await this.seed.user();
    await this.tenant.admin.answer(
      'mutation ($id: ID!) { deprovisionUser(userId: $id) { revision } }',
      { id },
    );
    return id;
  }

  async endedServiceAccount(): Promise<string> {
    const id = await this.seed.serviceAccount();
    await this.tenant.admin.answer(
      'mutation ($id: ID!) { deprovisionServiceAccount(serviceAccountId: $id) { revision } }',
      { id },
    );
    return id;
  }

  /** A tenant that no other test looks at. */
  async otherTenant(): Promise<string> {
    return (await this.service.createTenant(this.newName('tenant'))).id;
  }

  async suspendedTenant(): Promise<string> {
    const id = await this.otherTenant();
    await this.suspend(id);
    return id;
  }

  /**
   * Suspends every tenant that strange ids may name by now, as `createTenant` takes some of them: an
   * operator's attempt on a tenant that is not in a state for it is entered into the audit.
   */
  async suspendStrangeTenants(): Promise<void> {
    const found = await this.service.database.query<{ id: string }>(
      `SELECT tenant_id AS id FROM tenants
       WHERE status = 'ACTIVE' AND tenant_id ~ '^[0-9]'`,
    );
    for (const { id } of found) await this.suspend(id);
  }

  private async suspend(id: string): Promise<void> {
    await this.service.platform.admin.answer(
      'mutation ($id: ID!) { suspendTenant(tenantId: $id) { revision } }',
      { id },
    );
  }
}
