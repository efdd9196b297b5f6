import { readFileSync } from 'node:fs';
import { API_PERMISSIONS } from '@bastion/access';
import { calledFields, graphqlEndpoint, overNetwork, type Answer } from '@bastion/testing';
import { parse } from 'yaml';
import { graphqlWalls } from './graphql-fields.js';
import { WalledService } from './walled-service.js';

/** As the pages of the API say it. */
const documented = (
  parse(readFileSync('docs/api/permissions.yaml', 'utf8')) as {
    'node-scope-management': Record<string, string>;
  }
)['node-scope-management'];

let walled: WalledService;
const walls = graphqlWalls(() => walled.own);
const tokens = new Map<string, Promise<string>>();

beforeAll(async () => {
  walled = await WalledService.start();
});

afterAll(() => walled?.stop());

/** The token of somebody who holds these permissions at the root, and nothing else. */
function holderOf(name: string, permissions: readonly string[]): Promise<string> {
  const known = tokens.get(name) ?? makeHolder(name, permissions);
  tokens.set(name, known);
  return known;
}

async function makeHolder(name: string, permissions: readonly string[]): Promise<string> {
  const { seed, tenant } = walled.own;
  const userName = name.replace(':', '-');
  const userId = await seed.user(userName);
  await seed.assignment(userId, await seed.role(permissions), tenant.rootScopeId);
  return walled.service.issuer.token({
    tenantId: tenant.id,
    subject: `${userName}@${tenant.id}`,
  });
}

/** Whether the field itself is refused, and not something in what it answers. */
function isForbidden({ body }: Answer): boolean {
  const { errors = [] } = body as {
    errors?: { path?: readonly string[]; extensions: { code: string } }[];
  };
  return errors.some(
    ({ path = [], extensions }) => extensions.code === 'FORBIDDEN' && path.length <= 1,
  );
}

describe('the permission that a field takes', () => {
  it.each(Object.entries(documented))('of %s is %s', async (field, said) => {
    const [needed = ''] = said.split(/[ ,]/);
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overNetwork(walled.service.url));
    const others = API_PERMISSIONS.filter((permission) => permission !== needed);
    const without = await holderOf(`no-${needed}`, others);
    const only = await holderOf(`only-${needed}`, [needed]);
    expect(isForbidden(await endpoint.send(without, await endpoint.sample()))).toBe(true);
    expect(isForbidden(await endpoint.send(only, await endpoint.sample()))).toBe(false);
  });

  it('is told of every mutation that is not for operators', () => {
    const mutations = calledFields(walls).filter(
      (field) => field.startsWith('Mutation.') && walls.fields[field]?.rule !== 'OPERATORS',
    );
    expect(mutations.filter((field) => documented[field] === undefined)).toEqual([]);
  });
});
