import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { graphqlEndpoint, overNetwork } from '@bastion/testing';
import { SCHEMA_FILE } from '../src/api-schema.js';
import { graphqlWalls } from './walls/graphql-fields.js';
import { WalledService } from './walls/walled-service.js';

const mutations = buildSchema(readFileSync(SCHEMA_FILE, 'utf8')).getMutationType()?.getFields();
const versioned = Object.values(mutations ?? {}).filter(({ args }) =>
  args.some(({ name }) => name === 'expectedVersion'),
);

interface Refusal {
  readonly errors: readonly [{ extensions: { code: string; details: { version: number } } }];
}

let walled: WalledService;
const walls = graphqlWalls(() => walled.own);

beforeAll(async () => {
  walled = await WalledService.start();
});

afterAll(() => walled?.stop());

describe('a change that is meant for a version', () => {
  it('is every change of what has one', () => {
    expect(versioned.length).toBeGreaterThan(15);
  });

  it.each(versioned.map(({ name }) => name))('is refused by %s at any other', async (name) => {
    const send = overNetwork(walled.service.url);
    const endpoint = graphqlEndpoint(`Mutation.${name}`, walled.schema, walls, send);
    const { OWN: token } = walled.tenants.tokens;
    const args = await endpoint.sample();
    const before = await walled.tenants.rows();

    const refused = await endpoint.send(token, { ...args, expectedVersion: 1_000 });
    expect(refused.refusal).toBe('VERSION_MISMATCH');
    expect(await walled.tenants.rows()).toEqual(before);

    const { version } = (refused.body as Refusal).errors[0].extensions.details;
    const taken = await endpoint.send(token, { ...args, expectedVersion: version });
    expect({ name, refusal: taken.refusal }).toEqual({ name, refusal: null });
  });
});

describe('the version of a group', () => {
  it('rises when somebody joins or leaves, however many at once', async () => {
    const { seed, tenant } = walled.own;
    const ids = [await seed.user(), await seed.user()];
    const group = await seed.group(ids.map((id) => ({ kind: 'USER', id })));
    const versionOf = async () => {
      const { group: found } = await tenant.admin.answer<{ group: { version: number } }>(
        'query ($id: ID!) { group(id: $id) { version } }',
        { id: group },
      );
      return found.version;
    };
    expect(await versionOf()).toBe(2);
    await tenant.admin.answer(
      `mutation ($id: ID!, $user: ID!) {
        removeGroupMembers(groupId: $id, members: [{ kind: USER, id: $user }], expectedVersion: 2) {
          revision
        }
      }`,
      { id: group, user: ids[0] },
    );
    expect(await versionOf()).toBe(3);
  });
});
