import { readFile } from 'node:fs/promises';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { SCHEMA_FILE } from '../src/api-schema.js';
import { TestService } from './support/test-service.js';

const checkedIn = new URL(`../../../${SCHEMA_FILE}`, import.meta.url);

let service: TestService;

afterEach(() => service?.stop());

describe('the schema that is served', () => {
  it('is the one that is checked in', async () => {
    service = await TestService.start({ GRAPHQL_INTROSPECTION: 'true' });
    const { admin } = service.platform;
    const served = buildClientSchema(
      await admin.answer<IntrospectionQuery>(
        getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }),
      ),
    );
    expect(`${printSchema(lexicographicSortSchema(served))}\n`).toBe(
      await readFile(checkedIn, 'utf8'),
    );
  });

  it('is told to nobody unless it is allowed', async () => {
    service = await TestService.start({ GRAPHQL_INTROSPECTION: 'false' });
    const { admin } = service.platform;
    expect((await admin.refusal('{ __schema { types { name } } }')).extensions.code).toBe(
      'INVALID_INPUT',
    );
  });
});
