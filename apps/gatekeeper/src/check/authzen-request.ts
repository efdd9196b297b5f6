import { consistencyTokenSchema } from '@bastion/platform';
import type { PrincipalKind } from '@bastion/policy';
import { z } from 'zod';
import type { PrincipalReference, Question } from './question.js';

/** The types of subject there are here; of any other there is nobody. */
const KINDS: ReadonlyMap<string, PrincipalKind> = new Map([
  ['user', 'USER'],
  ['service_account', 'SERVICE_ACCOUNT'],
]);

const subject = z
  .object({
    type: z.string(),
    id: z.string(),
    properties: z
      .looseObject({
        /** What `id` is: our own id of the principal, or the `sub` of its tokens. */
        identifier: z.enum(['id', 'subject']).default('id'),
      })
      .optional(),
  })
  .transform(({ type, id, properties }): PrincipalReference => {
    const kind = KINDS.get(type);
    if (kind === undefined) return { by: 'NOBODY' };
    return properties?.identifier === 'subject'
      ? { by: 'SUBJECT', subject: id, kind }
      : { by: 'ID', id, kind };
  });

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

/**
 * The body of an access evaluation (AuthZEN Authorization API 1.0, section 6.1) as a question.
 *
 * - The permission is `<resource.type>:<action.name>`.
 * - The scope is `resource.properties.scope` or `context.scope`; a resource of type `scope` is one
 *   itself. Without any the decision is false, UNKNOWN_SCOPE; if they differ, false too.
 * - `subject.type` is `user` or `service_account`; `subject.id` our id, or with
 *   `subject.properties.identifier` "subject" the `sub` of the principal's tokens.
 * - Whatever else is sent is ignored.
 */
export const evaluationRequestSchema = z
  .object({ subject, action, resource, context: context.optional() })
  .transform(
    ({ subject: principal, action: { name }, resource: { type, id, properties }, context }) => {
      const named = [properties?.scope, context?.scope, type === 'scope' ? id : undefined];
      const scopeIds = named.filter((scopeId) => scopeId !== undefined);
      const question: Question = { principal, permission: `${type}:${name}`, scopeIds };
      return { question, atLeast: context?.atLeast };
    },
  );
