import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { CheckResolver, StatusResolver } from './check/index.js';
import { ReviewResolver } from './review/index.js';
import { WatchResolver } from './watch/index.js';

/** Where the schema is checked in, for clients to generate from and for reviewers to see change. */
export const SCHEMA_FILE = 'libs/contracts/schema/gatekeeper.graphql';

/** The GraphQL schema in SDL, sorted; needs no database and no broker. */
export async function apiSchema(): Promise<string> {
  const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, {
    logger: false,
  });
  const resolvers = [CheckResolver, StatusResolver, ReviewResolver, WatchResolver];
  const schema = await builder.get(GraphQLSchemaFactory).create(resolvers);
  await builder.close();
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
