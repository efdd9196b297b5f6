import { LocalStackError, readStackConfig, type StackConfig } from '@bastion/local-stack';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535).optional();

const schema = z
  .object({
    GATEKEEPER_PORT: port,
    NSM_PORT: port,
    OIDC_ISSUER: z.string().optional(),
    SYNC_CLIENT_ID: z.string().default('gatekeeper-sync'),
    SYNC_CLIENT_SECRET: z.string().optional(),
  })
  .refine((env) => env.OIDC_ISSUER === undefined || env.SYNC_CLIENT_SECRET !== undefined, {
    path: ['SYNC_CLIENT_SECRET'],
    error:
      'OIDC_ISSUER names an identity provider of your own: register a client there by which ' +
      'gatekeeper pulls from its owner, and give its id and secret',
  });

export interface ToolsConfig {
  readonly stack: StackConfig;
  readonly ports: { readonly gatekeeper?: number; readonly scopeManagement?: number };
  /** The secret is undefined when the embedded identity provider makes its own. */
  readonly sync: { readonly clientId: string; readonly clientSecret?: string };
}

/**
 * What the environment says about where to start things and what to use instead.
 * @throws LocalStackError naming the wrong variables, never their values
 */
export function readToolsConfig(environment: NodeJS.ProcessEnv = process.env): ToolsConfig {
  const set = Object.entries(environment).filter(([, value]) => value !== '');
  const result = schema.safeParse(Object.fromEntries(set));
  if (!result.success) {
    const problems = result.error.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
    throw new LocalStackError(`The environment is wrong. ${problems.join('; ')}`);
  }
  const { GATEKEEPER_PORT, NSM_PORT, SYNC_CLIENT_ID, SYNC_CLIENT_SECRET } = result.data;
  return {
    stack: readStackConfig(environment),
    ports: { gatekeeper: GATEKEEPER_PORT, scopeManagement: NSM_PORT },
    sync: { clientId: SYNC_CLIENT_ID, clientSecret: SYNC_CLIENT_SECRET },
  };
}
