import { type Environment, readConfig, secretText } from '@bastion/platform';
import { z } from 'zod';

const commaSeparated = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim().replace(/\/$/, '')))
  .pipe(z.array(z.url({ protocol: /^https?$/ })).min(1));

const schema = z
  .object({
    GATEKEEPER_URLS: commaSeparated.describe(
      'the addresses of all replicas of gatekeeper, comma-separated',
    ),
    SYNC_CLIENT_ID: z
      .string()
      .min(1)
      .describe("a client at the identity provider that gatekeeper's SERVICE_SUBJECTS name"),
    SYNC_CLIENT_SECRET: secretText(),
    OIDC_ISSUER: z.url({ protocol: /^https?$/ }).describe('the identity provider, as in `iss`'),
    SYNC_TOKEN_ENDPOINT: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("where to get its token; default: from the issuer's discovery document"),
    SYNC_TOKEN_RESOURCE: z
      .string()
      .optional()
      .describe('sent as `resource` when asking for a token, if the provider wants it (RFC 8707)'),
  })
  .transform((env) => ({
    urls: env.GATEKEEPER_URLS,
    clientId: env.SYNC_CLIENT_ID,
    clientSecret: env.SYNC_CLIENT_SECRET,
    issuer: env.OIDC_ISSUER,
    tokenEndpoint: env.SYNC_TOKEN_ENDPOINT,
    tokenResource: env.SYNC_TOKEN_RESOURCE,
  }));

export type GatekeeperAccessConfig = z.output<typeof schema>;

/** Of the operator's command alone: nothing that serves asks gatekeeper for anything. */
export const gatekeeperAccessConfig = (env: Environment = process.env): GatekeeperAccessConfig =>
  readConfig('gatekeeper access', schema, env);
