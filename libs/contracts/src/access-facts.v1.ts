import { z } from 'zod';

/**
 * Facts as they travel between the services. Ids and allow-listed attributes only: zod strips
 * everything else, so that nothing personal can slip into a message.
 */

const id = z.string().min(1).max(128);
const instant = z.number().int().nullable();
/** A day: nobody is served from facts older than that, whatever a message says. */
const MAX_STALE_MS = 24 * 60 * 60 * 1000;
/** In CEL. */
const condition = z.string().min(1).max(1_000);
const granteeKind = z.enum(['USER', 'SERVICE_ACCOUNT', 'GROUP']);

export const tenantFactV1 = z.object({
  status: z.enum(['ACTIVE', 'SUSPENDED']),
  /** Messages of before there was a choice say nothing of it, and read as DENY. */
  staleMode: z.enum(['DENY', 'SERVE']).default('DENY'),
  /** Milliseconds after the owner's last confirmation; 0 with DENY. */
  maxStaleMs: z.number().int().nonnegative().max(MAX_STALE_MS).default(0),
  /** On what is left of a deleted tenant alone; SUSPENDED, and without any other fact, it denies by itself. */
  deleted: z.literal(true).optional(),
});

export const principalFactV1 = z.object({
  id,
  kind: z.enum(['USER', 'SERVICE_ACCOUNT']),
  status: z.enum(['INVITED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED']),
  subject: z.string().min(1).max(256),
});

export const groupFactV1 = z.object({ id });

export const membershipFactV1 = z.object({
  groupId: id,
  memberKind: granteeKind,
  memberId: id,
  source: z.string().min(1).max(128),
});

export const scopeFactV1 = z.object({
  id,
  parentId: id.nullable(),
  type: z.string().min(1).max(64),
  inheritsAccess: z.boolean(),
});

/** What permissions name as a type, without a colon, and the caller's own id. */
export const resourceReferenceV1 = z.object({
  type: z
    .string()
    .max(64)
    .regex(/^[^:]+$/),
  id,
});

export const resourceFactV1 = resourceReferenceV1.extend({ scopeId: id });

export const roleFactV1 = z.object({
  id,
  permissions: z.array(z.string().min(1).max(128)),
  includes: z.array(id),
  assignableOn: z.array(z.string().min(1).max(64)),
  privileged: z.boolean(),
  piercing: z.boolean(),
});

export const roleAssignmentFactV1 = z.object({
  id,
  granteeKind,
  granteeId: id,
  roleId: id,
  /** A scope, or a registered resource as `type:id`; no id of a scope has a colon. */
  scopeId: id,
  reach: z.enum(['SELF', 'SUBTREE']),
  effect: z.enum(['ALLOW', 'DENY']),
  source: z.string().min(1).max(128),
  /** Epoch milliseconds, inclusive. */
  validFrom: instant,
  /** Epoch milliseconds, exclusive. */
  validUntil: instant,
  /** INVARIANT: none. One is never overlooked: a text here is refused. */
  condition: z.null().default(null),
});

/**
 * An assignment that counts only while its condition, in CEL, is true of the request. Apart from
 * {@link roleAssignmentFactV1}, so that nobody takes one for the other: a reader that knows of no
 * conditions never sees it.
 */
export const conditionalAssignmentFactV1 = roleAssignmentFactV1.extend({ condition });

/**
 * An assignment to Everyone, the group of all active users, with a condition or without. It names no
 * grantee and so is never taken for one to anybody else: a reader that knows of no such group never
 * sees it.
 */
export const everyoneAssignmentFactV1 = roleAssignmentFactV1
  .omit({ granteeKind: true, granteeId: true })
  .extend({ condition: condition.nullable() });

export const tenantFactsV1 = z.object({
  tenant: tenantFactV1,
  principals: z.array(principalFactV1),
  groups: z.array(groupFactV1),
  memberships: z.array(membershipFactV1),
  scopes: z.array(scopeFactV1),
  /** There are none where nothing is said; who cannot read them is refused the facts (`askerV1`). */
  resources: z.array(resourceFactV1).default([]),
  roles: z.array(roleFactV1),
  /**
   * Without those under a condition, of which the DENYs stand here all the same, as if they had none:
   * a reader that knows of no conditions denies more, and allows less.
   */
  assignments: z.array(roleAssignmentFactV1),
  /** In the place of what has the same id in `assignments`; who cannot read them is refused the facts. */
  conditionalAssignments: z.array(conditionalAssignmentFactV1).default([]),
  /** In no other list; who cannot read them is refused the facts. */
  everyoneAssignments: z.array(everyoneAssignmentFactV1).default([]),
});
export type TenantFactsV1 = z.infer<typeof tenantFactsV1>;
