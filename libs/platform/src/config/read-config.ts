import { z } from 'zod';

/** The environment as handed in: `process.env` in production, a record in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration cannot be used. The message names every wrong variable and what it should be,
 * and never what it was: a half-typed password must not end in a log.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    namespace: string,
    readonly problems: readonly string[],
  ) {
    super(
      [
        `The ${namespace} configuration is not usable. Set these environment variables and start again:`,
        ...problems.map((problem) => `  - ${problem}`),
      ].join('\n'),
    );
  }
}

/**
 * Reads one namespace of the configuration.
 *
 * @param namespace what the variables are about, for the error message
 * @param schema an object schema keyed by variable name, or such a schema with a transform; a
 *   variable's `.describe()` text is its hint in the error message
 * @param env an empty variable counts as unset, as `NAME=` does in compose and Helm files
 * @throws ConfigError listing all problems at once
 */
export function readConfig<Schema extends z.ZodType>(
  namespace: string,
  schema: Schema,
  env: Environment,
): z.output<Schema> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;

  const problems = parsed.error.issues.map((issue) => {
    const variable = String(issue.path[0] ?? namespace);
    const hint = hintFor(schema, variable);
    const problem =
      variable in set || issue.path.length === 0 ? `is wrong: ${issue.message}` : 'is missing';
    return `${variable} ${problem}${hint === undefined ? '' : ` (${hint})`}`;
  });
  throw new ConfigError(namespace, problems);
}

function hintFor(schema: z.ZodType, variable: string): string | undefined {
  const object = schema instanceof z.ZodPipe ? schema.in : schema;
  if (!(object instanceof z.ZodObject)) return undefined;
  const variables = object.shape as Readonly<Record<string, z.ZodType | undefined>>;
  return variables[variable]?.description;
}
