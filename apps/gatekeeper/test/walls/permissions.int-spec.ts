import { readFileSync } from 'node:fs';
import { API_PERMISSIONS } from '@bastion/access';
import { graphqlEndpoint, overNetwork, tenantFacts, TestSubscription } from '@bastion/testing';
import { parse } from 'yaml';
import { eventsOf } from '../support/tenant-events.js';
import { graphqlWalls } from './graphql-fields.js';
import { OWN, WalledGatekeeper } from './walled-gatekeeper.js';

/** As the pages of the API say it. */
const documented = Object.entries(
  (
    parse(readFileSync('docs/api/permissions.yaml', 'utf8')) as {
      gatekeeper: Record<string, string>;
    }
  ).gatekeeper,
);
const isWatched = ([field]: readonly [string, string]) => field.startsWith('Subscription.');
const NEEDED = [...new Set(documented.map(([, permission]) => permission))];

let walled: WalledGatekeeper;
const walls = graphqlWalls(() => walled);

beforeAll(async () => {
  walled = await WalledGatekeeper.start();
  const holders = tenantFacts();
  for (const needed of NEEDED) {
    const rest = API_PERMISSIONS.filter((permission) => permission !== needed);
    for (const [who, permissions] of Object.entries({ only: [needed], no: rest })) {
      const id = `${who}-${needed}`;
      holders
        .user(id)
        .role(id, permissions)
        .assign(id, id, 'root', { id: `given-${id}` });
    }
  }
  const isMade = ['principal-created', 'role-created', 'role-assigned'];
  const events = eventsOf(holders.facts()).filter(({ type }) => isMade.includes(type));
  walled.world.owner.commit(OWN, events);
  await walled.projected(OWN);
});

afterAll(() => walled?.stop());

describe('the permission that a field takes', () => {
  it('is one of those that the API knows', () => {
    expect(NEEDED.filter((needed) => !API_PERMISSIONS.some((each) => each === needed))).toEqual([]);
  });

  it.each(documented.filter((row) => !isWatched(row)))('of %s is %s', async (field, needed) => {
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overNetwork(walled.replica.url));
    const refusalOf = async (who: string) => {
      const token = await walled.world.token(OWN, `${who}-${needed}`);
      return (await endpoint.send(token, await endpoint.sample())).refusal;
    };
    expect({ no: await refusalOf('no'), only: await refusalOf('only') }).toEqual({
      no: 'FORBIDDEN',
      only: null,
    });
  });

  it.each(documented.filter(isWatched))('of %s is %s', async (field, needed) => {
    const name = field.replace('Subscription.', '');
    const since = walled.world.tokenOfHead(OWN);
    const watch = async (who: string) => {
      const token = await walled.world.token(OWN, `${who}-${needed}`);
      const query = `subscription { ${name}(since: "${since}") { revision } }`;
      return new TestSubscription(walled.replica.url, token, { query });
    };
    const refused = await watch('no');
    expect(await refused.next()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    await refused.stop();

    const watching = await watch('only');
    walled.world.owner.commit(OWN, [{ type: 'group-created', group: { id: `for-${name}` } }]);
    expect(await watching.data()).toEqual({ [name]: { revision: expect.any(Number) } });
    await watching.stop();
  });
});
