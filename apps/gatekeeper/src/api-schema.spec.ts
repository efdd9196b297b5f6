import { readFile } from 'node:fs/promises';
import { buildSchema, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { apiSchema, SCHEMA_FILE } from './api-schema.js';

const checkedIn = new URL(`../../../${SCHEMA_FILE}`, import.meta.url);

describe('the GraphQL schema', () => {
  it('is the one that is checked in (npm run schema -w apps/gatekeeper)', async () => {
    expect(await apiSchema()).toBe(await readFile(checkedIn, 'utf8'));
  });

  it('describes every type, field, argument and value', async () => {
    const types = Object.values(buildSchema(await apiSchema()).getTypeMap()).filter(
      ({ name, astNode }) => astNode && name !== 'Query' && name !== 'Subscription',
    );
    const undescribed = types.flatMap((type) => {
      const described: { name: string; description?: string | null }[] = [type];
      if (isEnumType(type)) described.push(...type.getValues());
      if (isInputObjectType(type)) described.push(...Object.values(type.getFields()));
      if (isObjectType(type)) {
        for (const field of Object.values(type.getFields())) described.push(field, ...field.args);
      }
      return described
        .filter(({ description }) => !description)
        .map(({ name }) => `${type.name}.${name}`);
    });
    expect(undescribed).toEqual([]);
  });
});
