import * as contracts from '@bastion/contracts';
import { MESSAGE_CATALOGUE, SYNC_API_CATALOGUE } from '@bastion/contracts';
import { z } from 'zod';

/** The file of a contract's JSON Schema, beside the AsyncAPI document that refers to it. */
export const jsonSchemaFile = (name: string): string => `${name}.schema.json`;

/**
 * A JSON Schema (draft 2020-12) for each contract of the catalogue, by file name. They say what a
 * reader takes: fields with a default may be missing, and fields it does not know may be there.
 */
export function eventJsonSchemas(): ReadonlyMap<string, unknown> {
  return new Map(
    [...MESSAGE_CATALOGUE, ...SYNC_API_CATALOGUE].map(({ name, schema, description }) => [
      jsonSchemaFile(name),
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:bastion:contract:${name}`,
        title: name,
        description,
        ...z.toJSONSchema(schema, { io: 'input', metadata: definitionsBeside(schema) }),
      },
    ]),
  );
}

/** Every exported schema but the document's own becomes a definition under the name of its export. */
function definitionsBeside(root: z.ZodType): z.core.$ZodRegistry<{ id: string }> {
  const registry = z.registry<{ id: string }>();
  for (const [id, value] of Object.entries(contracts)) {
    if (value instanceof z.ZodType && value !== root) registry.add(value, { id });
  }
  return registry;
}
