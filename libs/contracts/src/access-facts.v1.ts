import { z } from 'zod';

/**
 * Facts as they travel between the services. Ids and allow-listed attributes only: zod strips
 * everything else, so that nothing personal can slip into a message.
 */

const id = z.string().min(1).max(128);
const instant = z.number().int().nullable();
/** A day: nobody is served from facts older than that, whatever a message says. */
const MAX_STALE_MS = 24 * 60 * 60 * 1000;
const granteeKind = z.enum(['USER', 'SERVICE_ACCOUNT', 'GROUP']);

export const tenantFactV1 = z.object({
  status: z.enum(['ACTIVE', 'SUSPENDED']),
  /** Messages of before there was a choice say nothing of it, and read as DENY. */
  staleMode: z.enum(['DENY', 'SERVE']).default('DENY'),
  /** Milliseconds after the owner's last confirmation; 0 with DENY. */
  maxStaleMs: z.number().int().nonnegative().max(MAX_STALE_MS).default(0),
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
});

export const tenantFactsV1 = z.object({
  tenant: tenantFactV1,
  principals: z.array(principalFactV1),
  groups: z.array(groupFactV1),
  memberships: z.array(membershipFactV1),
  scopes: z.array(scopeFactV1),
  /** There are none where nothing is said; who cannot read them is refused the facts (`askerV1`). */
  resources: z.array(resourceFactV1).default([]),
  roles: z.array(roleFactV1),
  assignments: z.array(roleAssignmentFactV1),
});
export type TenantFactsV1 = z.infer<typeof tenantFactsV1>;
