import { z } from 'zod';
import { LocalStackError } from './local-stack-error.js';

const port = z.coerce.number().int().min(1).max(65_535).optional();
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ }).optional();

/** The value of AMQP_URL by which a stack does without a broker. */
const NO_BROKER = 'none';

const schema = z.object({
  DATABASE_URL_SCOPE_MANAGEMENT: postgresUrl,
  DATABASE_URL_GATEKEEPER: postgresUrl,
  AMQP_URL: z
    .union([z.literal(NO_BROKER).transform(() => null), z.url({ protocol: /^amqps?$/ })], {
      error: `neither an AMQP URL nor ${NO_BROKER}`,
    })
    .optional(),
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  POSTGRES_PORT: port,
  AMQP_PORT: port,
  OIDC_PORT: port,
});

/** What a stack takes from elsewhere instead of starting it, and where it starts the rest. */
export interface StackConfig {
  /** Owner URLs of databases that exist; embedded where undefined. */
  readonly databaseUrls: { readonly scopeManagement?: string; readonly gatekeeper?: string };
  /** Null: do without a broker. */
  readonly amqpUrl?: string | null;
  readonly issuer?: string;
  /** Free ports where undefined. */
  readonly ports: {
    readonly postgres?: number;
    readonly amqp?: number;
    readonly identityProvider?: number;
  };
}

/**
 * Reads the variables that point a stack at parts of one's own. An empty one counts as unset.
 * @throws LocalStackError naming the wrong variables, never their values
 */
export function readStackConfig(
  environment: Readonly<Record<string, string | undefined>>,
): StackConfig {
  const set = Object.entries(environment).filter(([, value]) => value !== '');
  const result = schema.safeParse(Object.fromEntries(set));
  if (!result.success) {
    const names = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new LocalStackError(`The environment is wrong. ${names.join('; ')}`);
  }
  const values = result.data;
  return {
    databaseUrls: {
      scopeManagement: values.DATABASE_URL_SCOPE_MANAGEMENT,
      gatekeeper: values.DATABASE_URL_GATEKEEPER,
    },
    amqpUrl: values.AMQP_URL,
    issuer: values.OIDC_ISSUER,
    ports: {
      postgres: values.POSTGRES_PORT,
      amqp: values.AMQP_PORT,
      identityProvider: values.OIDC_PORT,
    },
  };
}
