import { drainTime, type Environment, readConfig } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    HOST: z.string().default('127.0.0.1').describe('the address to listen on'),
    NSM_PORT: z.coerce.number().int().min(0).max(65_535).default(4200).describe('0: any'),
    GRAPHQL_INTROSPECTION: z
      .stringbool()
      .default(false)
      .describe('whether authenticated callers may ask for the GraphQL schema'),
    GRAPHQL_EXPLORER: z
      .stringbool()
      .default(false)
      .describe('whether a page to try the GraphQL API with is served at /graphql/explorer'),
    SHUTDOWN_DRAIN_MS: drainTime,
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.NSM_PORT,
    introspection: env.GRAPHQL_INTROSPECTION,
    explorer: env.GRAPHQL_EXPLORER,
    drainMs: env.SHUTDOWN_DRAIN_MS,
  }));

export type HttpConfig = z.output<typeof schema>;

export const httpConfig = (env: Environment = process.env): HttpConfig =>
  readConfig('HTTP', schema, env);
