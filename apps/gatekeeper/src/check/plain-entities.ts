import { toReference, type Entities } from './authzen-request.js';

/**
 * The entities of an evaluation that has nothing but the usual in it, read without the schema, which
 * takes longer for it than the decision. undefined: it has something else, or something wrong, and is for
 * the schema to read or to refuse.
 *
 * INVARIANT: what is read here is what the schema would read; a property test compares them.
 */
export function plainEntities(given: unknown): Entities | undefined {
  if (!isRecord(given)) return undefined;
  const { subject, action, resource, context } = given;
  if (!isRecord(subject) || !isRecord(action) || !isRecord(resource)) return undefined;
  // Whoever names identifiers, actors or circumstances has more to say than is looked at here.
  if (subject.properties !== undefined || action.properties !== undefined) return undefined;
  if (context !== undefined) return undefined;
  const { type, id } = subject;
  const { name } = action;
  if (typeof type !== 'string' || typeof id !== 'string' || typeof name !== 'string')
    return undefined;
  const asked = plainResource(resource);
  if (!asked) return undefined;
  const principal = toReference({ type, id });
  return { subject: { principal, actors: [] }, action: { name }, resource: asked, context };
}

function plainResource({ type, id, properties }: Fields): Entities['resource'] | undefined {
  if (typeof type !== 'string' || typeof id !== 'string') return undefined;
  if (properties === undefined) return { type, id };
  if (!isRecord(properties)) return undefined;
  const { scope } = properties;
  return scope === undefined || typeof scope === 'string' ? { type, id, properties } : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
