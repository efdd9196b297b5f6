import { consistencyTokenSchema } from '@bastion/platform';
import { MAX_CHAIN_LENGTH, type Attributes, type PrincipalKind } from '@bastion/policy';
import { z } from 'zod';
import type { PrincipalReference } from './asker.js';
import type { Check } from './check.query.js';

/** The types of subject there are here; of any other there is nobody. */
const KINDS: ReadonlyMap<string, PrincipalKind> = new Map([
  ['user', 'USER'],
  ['service_account', 'SERVICE_ACCOUNT'],
]);

/** What `id` is: our own id of the principal, or the `sub` of its tokens. */
const identifier = z.enum(['id', 'subject']).default('id');

const actor = z
  .object({
    type: z.string(),
    id: z.string(),
    properties: z.looseObject({ identifier }).optional(),
  })
  .transform(toReference);

const subject = z
  .object({
    type: z.string(),
    id: z.string(),
    properties: z
      .looseObject({
        identifier,
        /**
         * Those who act on behalf of the subject, in its own form. They are a part of who asks, not of
         * the circumstances: whoever replaces the context of one evaluation keeps the chain.
         */
        actors: z
          .array(actor)
          .max(MAX_CHAIN_LENGTH - 1)
          .optional(),
      })
      .optional(),
  })
  .transform((given) => ({
    principal: toReference(given),
    actors: given.properties?.actors ?? [],
  }));

/** Properties of a subject that say who it is, and are nothing for conditions. */
const OF_OURS: ReadonlySet<string> = new Set(['identifier', 'actors']);

export function toReference({
  type,
  id,
  properties,
}: {
  readonly type: string;
  readonly id: string;
  readonly properties?:
    { readonly identifier: 'id' | 'subject'; readonly actors?: unknown } | undefined;
}): PrincipalReference {
  const kind = KINDS.get(type);
  if (kind === undefined) return { by: 'NOBODY' };
  if (properties === undefined) return { by: 'ID', id, kind };
  const described = Object.entries(properties).filter(([name]) => !OF_OURS.has(name));
  const said = { kind, properties: Object.fromEntries(described) as Attributes };
  return properties.identifier === 'subject'
    ? { by: 'SUBJECT', subject: id, ...said }
    : { by: 'ID', id, ...said };
}

const action = z.object({ name: z.string(), properties: z.looseObject({}).optional() });

const resource = z.object({
  type: z.string(),
  id: z.string(),
  properties: z
    .looseObject({
      /** The scope the resource is in. */
      scope: z.string().optional(),
    })
    .optional(),
});

const context = z.looseObject({
  /** The scope the resource is in, for callers that keep it apart from the resource. */
  scope: z.string().optional(),
  /** A consistency token: decided from that revision or a later one. */
  atLeast: consistencyTokenSchema.optional(),
});

/** Who, what, on what and under which circumstances (AuthZEN Authorization API 1.0, section 5). */
export const entitiesSchema = z.object({
  subject,
  action,
  resource,
  context: context.optional(),
});

/** The entities of one evaluation, read. */
export type Entities = z.output<typeof entitiesSchema>;

/**
 * An access evaluation as a question.
 *
 * - The permission is `<resource.type>:<action.name>`.
 * - The scope is `resource.properties.scope` or `context.scope`; a resource of type `scope` is one
 *   itself. If they differ the decision is false, RESOURCE_SCOPE_MISMATCH.
 * - Any other resource is a child of its scope: of the one it is registered under, and if another is
 *   named the decision is false, RESOURCE_SCOPE_MISMATCH; or of the named one, and if none is the
 *   decision is false, UNKNOWN_SCOPE.
 * - `subject.type` is `user` or `service_account`; `subject.id` our id, or with
 *   `subject.properties.identifier` "subject" the `sub` of the principal's tokens.
 * - `subject.properties.actors` are those who act on behalf of the subject, such as a service or an AI
 *   agent, as a list of subjects, nearest first, together with the subject at most
 *   {@link MAX_CHAIN_LENGTH}: the decision is true only if each is allowed. The service that asks is
 *   among them only if named.
 * - Conditions of assignments see `subject.properties` as `principal.properties`, each actor's own where
 *   it is decided about, `action.properties`, `resource` and `context`, all as they were sent. Nothing
 *   else looks at what is not named here.
 */
export function toCheck({
  subject: { principal, actors },
  action,
  resource: { type, id, properties },
  context,
}: Entities): Check {
  const { scope, atLeast } = context ?? {};
  const isScope = type === 'scope';
  const named = [properties?.scope, scope, isScope ? id : undefined];
  const scopeIds = named.filter((scopeId) => scopeId !== undefined);
  const resource = isScope ? undefined : { type, id };
  const permission = `${type}:${action.name}`;
  const said = {
    attributes: context as Attributes | undefined,
    actionProperties: action.properties as Attributes | undefined,
    resourceProperties: properties as Attributes | undefined,
  };
  return {
    question: { principal, actors, permission, scopeIds, resource, context: said },
    atLeast,
  };
}

/** The body of an access evaluation (section 6.1) as a question. */
export const evaluationRequestSchema = entitiesSchema.transform(toCheck);
