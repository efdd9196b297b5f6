import { readConfig, secretText, type Environment } from '@bastion/platform';
import { z } from 'zod';

const milliseconds = z.coerce.number().int().positive();

const schema = z
  .object({
    SYNC_OWNER_URL: z
      .url({ protocol: /^https?$/ })
      .describe('the address of node-scope-management, which owns the facts'),
    SYNC_CLIENT_ID: z
      .string()
      .min(1)
      .describe('the client of this service at the identity provider'),
    SYNC_CLIENT_SECRET: secretText(),
    SYNC_TOKEN_ENDPOINT: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("where to get its token; default: from the issuer's discovery document"),
    SYNC_TOKEN_RESOURCE: z
      .string()
      .optional()
      .describe('sent as `resource` when asking for a token, if the provider wants it (RFC 8707)'),
    LEASE_MS: milliseconds
      .default(5_000)
      .describe('for how long an answer may rest on what the owner confirmed'),
    HEADS_INTERVAL_MS: milliseconds
      .default(1_000)
      .describe('how often the owner is asked; well below LEASE_MS'),
    PROJECTION_CHECK_INTERVAL_MS: milliseconds
      .default(5_000)
      .describe('how often the whole projection is compared with the heads of the owner'),
    DIGEST_INTERVAL_MS: milliseconds
      .default(60_000)
      .describe('how often the rows of the projection are counted again'),
    HISTORY_DAYS: milliseconds
      .default(30)
      .describe('for how many days the projection keeps what it applied: the witness of a restore'),
    AT_LEAST_WAIT_MS: milliseconds
      .default(5_000)
      .describe(
        'how long a check waits for its tenant to be loaded, or for the revision it asks for',
      ),
    MAX_TENANTS: milliseconds.max(10_000).default(1_000).describe('tenants held in memory'),
    TENANT_MEMORY_MB: z.coerce
      .number()
      .int()
      .positive()
      .default(1_024)
      .describe('memory for tenants, MiB, about; the longest unused leave to keep within it'),
    TENANT_IDLE_MS: milliseconds
      .default(900_000)
      .describe('after how long without a check a tenant leaves memory'),
  })
  .refine((env) => env.HEADS_INTERVAL_MS < env.LEASE_MS, {
    path: ['HEADS_INTERVAL_MS'],
    error: 'must be below LEASE_MS, or leases run out between two questions',
  })
  .transform((env) => ({
    ownerUrl: env.SYNC_OWNER_URL,
    clientId: env.SYNC_CLIENT_ID,
    clientSecret: env.SYNC_CLIENT_SECRET,
    tokenEndpoint: env.SYNC_TOKEN_ENDPOINT,
    tokenResource: env.SYNC_TOKEN_RESOURCE,
    leaseMs: env.LEASE_MS,
    headsIntervalMs: env.HEADS_INTERVAL_MS,
    projectionCheckIntervalMs: env.PROJECTION_CHECK_INTERVAL_MS,
    digestIntervalMs: env.DIGEST_INTERVAL_MS,
    historyDays: env.HISTORY_DAYS,
    atLeastWaitMs: env.AT_LEAST_WAIT_MS,
    limits: {
      maxTenants: env.MAX_TENANTS,
      maxBytes: env.TENANT_MEMORY_MB * 2 ** 20,
      idleMs: env.TENANT_IDLE_MS,
    },
  }));

export type SyncConfig = z.output<typeof schema>;

export const syncConfig = (env: Environment = process.env): SyncConfig =>
  readConfig('sync', schema, env);
