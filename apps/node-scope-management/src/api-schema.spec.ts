import { readFile } from 'node:fs/promises';
import { buildSchema, isObjectType } from 'graphql';
import { apiSchema, SCHEMA_FILE } from './api-schema.js';

const checkedIn = new URL(`../../../${SCHEMA_FILE}`, import.meta.url);

/** All mutations but those whose form known clients prescribe. */
async function ownMutations() {
  const fields =
    buildSchema(await apiSchema())
      .getMutationType()
      ?.getFields() ?? {};
  return Object.values(fields).filter(
    ({ description }) => !description?.startsWith('For known clients:'),
  );
}

describe('the GraphQL schema', () => {
  it('is the one that is checked in (npm run schema -w apps/node-scope-management)', async () => {
    expect(await apiSchema()).toBe(await readFile(checkedIn, 'utf8'));
  });

  it('gives every mutation an idempotency key', async () => {
    const without = (await ownMutations())
      .filter(({ args }) => !args.some(({ name }) => name === 'idempotencyKey'))
      .map(({ name }) => name);
    expect(without).toEqual([]);
  });

  it('answers every mutation with the revision and the token that names it', async () => {
    for (const { type } of await ownMutations()) {
      const payload = 'ofType' in type ? type.ofType : type;
      const fields = isObjectType(payload) ? Object.keys(payload.getFields()) : [];
      expect(fields).toEqual(expect.arrayContaining(['consistencyToken', 'revision']));
    }
  });
});
