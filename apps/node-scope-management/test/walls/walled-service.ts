import { GENESIS_DIGEST } from '@bastion/contracts';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import {
  foreignCursor,
  foreignId,
  foreignText,
  strangersOf,
  watchRows,
  type ForeignId,
  type TwoTenants,
} from '@bastion/testing';
import { NoteAppliedCommand } from '../../src/consumer/index.js';
import { AppDatabase } from '../../src/database/app-database.js';
import { readTenantFacts } from '../../src/facts/index.js';
import { insertGrants, keepWitness } from '../../src/restore/restored-grants.store.js';
import { ownIssuerEnvironment } from '../support/own-issuer.js';
import { Seed } from '../support/seed.js';
import { TestService, type TestTenant } from '../support/test-service.js';
import { OwnTenant } from './own-tenant.js';
import { cursorAt } from './graphql-fields.js';

const EMAIL: ForeignId = {
  what: 'an e-mail address',
  kind: 'e-mail address',
  theirs: 'namesake@beta.example',
  nobodys: 'nobody@beta.example',
};

/** The subject of the service that may pull what changed. */
export const SERVICE_SUBJECT = 'gatekeeper';

/** The service with two tenants in it, of which the first tries to get at the second. */
export class WalledService {
  private constructor(
    readonly service: TestService,
    readonly own: OwnTenant,
    readonly tenants: TwoTenants,
  ) {}

  static async start(): Promise<WalledService> {
    const service = await TestService.start({
      SERVICE_SUBJECTS: SERVICE_SUBJECT,
      GRAPHQL_EXPLORER: 'true',
      ...ownIssuerEnvironment(),
    });
    const acme = await service.createTenant('acme');
    const beta = await service.createTenant('beta');
    const foreign = await furnish(service, beta);
    const claims = { tenantId: acme.id, subject: `admin@${acme.id}` };
    const operator = { tenantId: service.platform.id, subject: `admin@${service.platform.id}` };
    const tenants: TwoTenants = {
      tokens: {
        OWN: await service.issuer.token(claims),
        OPERATOR: await service.issuer.token(operator),
        SERVICE: await service.issuer.token({ subject: SERVICE_SUBJECT }),
      },
      strangers: await strangersOf(service.issuer, claims),
      foreign,
      rows: watchRows(service.database, acme.id, beta.id),
    };
    return new WalledService(service, new OwnTenant(service, acme), tenants);
  }

  /** The schema that is served, not the one that is checked in. */
  get schema(): GraphQLSchema {
    return this.service.app.get(GraphQLSchemaHost).schema;
  }

  async stop(): Promise<void> {
    await this.service.stop();
  }
}

const PAGE_ID = 'page-of-beta';
const EXTERNAL_IDS = {
  user: 'external-of-beta',
  group: 'others-group-of-beta',
  scope: 'others-scope-of-beta',
};

/** Gives a tenant one of everything, by real commands, and answers what names it. */
export async function furnish(service: TestService, tenant: TestTenant): Promise<ForeignId[]> {
  const seed = new Seed(service, tenant);
  const names = {
    user: 'bea-of-beta',
    scope: 'scope-of-beta',
    role: 'role-of-beta',
    type: 'type-of-beta',
  };
  const user = await seed.user(names.user);
  const scope = await seed.scope(tenant.rootScopeId, { name: names.scope });
  const role = await seed.role(['document:read'], { name: names.role });
  await seed.resource({ type: 'document', id: PAGE_ID }, scope);
  const serviceAccount = await seed.serviceAccount('machine-of-beta');
  const credential = await seed.credential(serviceAccount);
  const assignment = await seed.assignment(user, role, scope);
  await seed.changeRole(role, ['document:list']);
  await seed.resourceTypes([{ type: names.type, verbs: [{ name: 'read' }] }]);
  const { group, groupName, key } = await createGroupAsNamesake(service, tenant, seed);
  await tenant.admin.answer(
    'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { revision } }',
    { input: { userId: user, externalIds: [{ externalId: EXTERNAL_IDS.user }] } },
  );
  await seed.addMembers(group, [{ kind: 'USER', id: user }]);
  await tenant.admin.answer(
    `mutation ($input: ChangeScopeInput!) { changeScope(input: $input) { revision } }`,
    { input: { scopeId: scope, externalId: EXTERNAL_IDS.scope } },
  );
  await noteConsumer(service, tenant.id);
  await holdBack(service, tenant.id);
  await leaveJob(service, tenant.id);

  const ids = [
    ['a user', user],
    ['a service account', serviceAccount],
    ['a credential', credential],
    ['a group', group],
    ['the root scope', tenant.rootScopeId],
    ['a scope', scope],
    ['a role', role],
    ['a built-in role', await seed.builtInRole('reader')],
    ['a role assignment', assignment],
    ['a background job', await seed.finishedJob()],
  ] as const;
  return [
    foreignId('a tenant', tenant.id),
    ...ids.map(([what, id]) => foreignId(what, id)),
    ...ids.map(([what, id]) => foreignCursor(what, id, cursorAt)),
    ...[...Object.values(names), groupName].map((name) => foreignText('name', name)),
    foreignText('subject', `${names.user}@${tenant.id}`),
    foreignText('idempotency key', key),
    foreignText('resource id', PAGE_ID),
    ...Object.values(EXTERNAL_IDS).map((id) => foreignText('external id', id)),
    EMAIL,
  ];
}

/** A job that nobody here knows how to do, and so stays open. */
async function leaveJob(service: TestService, tenantId: string): Promise<void> {
  await service.database.query(
    `INSERT INTO background_jobs (tenant_id, id, kind, target, total)
     VALUES ('${tenantId}', gen_random_uuid(), 'OF_A_LATER_VERSION', 'anything', 1)`,
  );
}

/** A replica says how far it is with the tenant. */
async function noteConsumer(service: TestService, tenantId: string): Promise<void> {
  const position = { tenantId, epoch: 1, revision: 1, digest: GENESIS_DIGEST } as const;
  await service.app.get(NoteAppliedCommand).asked(
    {
      consumer: { kind: 'REPLICA', id: 'a-replica' },
      accepts: [],
      leaseMs: 0,
      positions: [{ ...position, state: 'FOLLOWING' }],
    },
    [tenantId],
  );
}

/** A restore has held something back of the tenant. */
async function holdBack(service: TestService, tenantId: string): Promise<void> {
  const group = { id: '01890000-0000-7000-8000-000000000001' };
  await service.app.get(AppDatabase).inTenant(tenantId, async (tx) => {
    const read = await readTenantFacts(tx);
    if (!read) throw new Error(`There is no tenant ${tenantId}`);
    await keepWitness(tx, tenantId, 1, { facts: read.facts, ended: null });
    await insertGrants(tx, tenantId, 1, [{ kind: 'group', group, obstacles: [] }]);
  });
}

/**
 * Creates a group as somebody of the tenant whom the identity provider calls as it calls the
 * administrator of `acme`, with an idempotency key, which is kept per caller.
 */
async function createGroupAsNamesake(service: TestService, tenant: TestTenant, seed: Seed) {
  const subject = 'admin@acme';
  const { createUser } = await tenant.admin.answer<{ createUser: { user: { id: string } } }>(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input: { userName: 'namesake', displayName: 'Namesake', email: EMAIL.theirs, subject } },
  );
  await seed.assignment(createUser.user.id, await seed.builtInRole('tenant-admin'));
  const [groupName, key] = ['group-of-beta', 'key-of-beta'];
  const { createGroup } = await service
    .as(tenant.id, subject)
    .answer<{ createGroup: { group: { id: string } } }>(
      `mutation ($input: CreateGroupInput!, $key: String) {
        createGroup(input: $input, idempotencyKey: $key) { group { id } }
      }`,
      { input: { name: groupName, externalId: EXTERNAL_IDS.group }, key },
    );
  return { group: createGroup.group.id, groupName, key };
}
