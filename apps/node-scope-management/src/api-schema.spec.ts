import { readFile } from 'node:fs/promises';
import { buildSchema, isObjectType } from 'graphql';
import { apiSchema, SCHEMA_FILE } from './api-schema.js';

const checkedIn = new URL(`../../../${SCHEMA_FILE}`, import.meta.url);

describe('the GraphQL schema', () => {
  it('is the one that is checked in (npm run schema -w apps/node-scope-management)', async () => {
    expect(await apiSchema()).toBe(await readFile(checkedIn, 'utf8'));
  });

  it('gives every mutation an idempotency key', async () => {
    const mutations =
      buildSchema(await apiSchema())
        .getMutationType()
        ?.getFields() ?? {};
    const without = Object.values(mutations)
      .filter(({ args }) => !args.some(({ name }) => name === 'idempotencyKey'))
      .map(({ name }) => name);
    expect(without).toEqual([]);
  });

  it('answers every mutation with the revision and the token that names it', async () => {
    const mutations =
      buildSchema(await apiSchema())
        .getMutationType()
        ?.getFields() ?? {};
    for (const { type } of Object.values(mutations)) {
      const payload = 'ofType' in type ? type.ofType : type;
      const fields = isObjectType(payload) ? Object.keys(payload.getFields()) : [];
      expect(fields).toEqual(expect.arrayContaining(['consistencyToken', 'revision']));
    }
  });
});
