import { z } from 'zod';
import {
  conditionalAssignmentFactV1,
  everyoneAssignmentFactV1,
  groupFactV1,
  membershipFactV1,
  principalFactV1,
  resourceFactV1,
  resourceReferenceV1,
  roleAssignmentFactV1,
  roleFactV1,
  scopeFactV1,
  tenantFactV1,
} from './access-facts.v1.js';
import { factsDigestV1, GENESIS_DIGEST, historyDigestV1 } from './digests.v1.js';

const id = z.string().min(1).max(128);

/** One thing that happened, named in the past tense and versioned by itself. */
export const accessEventV1 = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tenant-created.v1'), tenant: tenantFactV1 }),
  z.object({ type: z.literal('tenant-suspended.v1'), tenant: tenantFactV1 }),
  z.object({ type: z.literal('tenant-resumed.v1'), tenant: tenantFactV1 }),
  z.object({ type: z.literal('tenant-stale-mode-changed.v1'), tenant: tenantFactV1 }),
  /** Ends every fact of the tenant but this one; nothing ever follows. */
  z.object({ type: z.literal('tenant-deleted.v1'), tenant: tenantFactV1 }),
  z.object({ type: z.literal('principal-created.v1'), principal: principalFactV1 }),
  z.object({ type: z.literal('principal-status-changed.v1'), principal: principalFactV1 }),
  z.object({ type: z.literal('group-created.v1'), group: groupFactV1 }),
  z.object({ type: z.literal('group-deleted.v1'), groupId: id }),
  z.object({ type: z.literal('member-added.v1'), membership: membershipFactV1 }),
  z.object({ type: z.literal('member-removed.v1'), membership: membershipFactV1 }),
  z.object({ type: z.literal('scope-created.v1'), scope: scopeFactV1 }),
  z.object({ type: z.literal('scope-moved.v1'), scope: scopeFactV1 }),
  z.object({ type: z.literal('scope-inheritance-changed.v1'), scope: scopeFactV1 }),
  z.object({ type: z.literal('scope-deleted.v1'), scopeId: id }),
  z.object({ type: z.literal('resource-registered.v1'), resource: resourceFactV1 }),
  z.object({ type: z.literal('resource-moved.v1'), resource: resourceFactV1 }),
  z.object({ type: z.literal('resource-unregistered.v1'), resource: resourceReferenceV1 }),
  z.object({ type: z.literal('role-created.v1'), role: roleFactV1 }),
  z.object({ type: z.literal('role-changed.v1'), role: roleFactV1 }),
  z.object({ type: z.literal('role-retired.v1'), roleId: id }),
  z.object({ type: z.literal('role-assigned.v1'), assignment: roleAssignmentFactV1 }),
  /** Under a condition. In v1 a reader would have overlooked it; this one it refuses as a whole. */
  z.object({ type: z.literal('role-assigned.v2'), assignment: conditionalAssignmentFactV1 }),
  /** To Everyone, with a condition or without. Refused as a whole too by who knows of no such group. */
  z.object({ type: z.literal('role-assigned.v3'), assignment: everyoneAssignmentFactV1 }),
  z.object({ type: z.literal('role-unassigned.v1'), assignmentId: id }),
]);
export type AccessEventV1 = z.infer<typeof accessEventV1>;

/** The largest body of one change set in bytes; a larger one travels as SNAPSHOT_REQUIRED. */
export const MAX_CHANGE_SET_BYTES = 256 * 1024;

const position = {
  tenantId: id,
  /** Which history of the tenant: raised when the owner was restored to an earlier point. */
  epoch: z.number().int().positive(),
  /** Gapless and rising by one within an epoch; the commit order of the owner. */
  revision: z.number().int().positive(),
  /** When the owner committed it, epoch milliseconds. */
  committedAt: z.number().int(),
  /** {@link digest} of the revision before: whoever has another one has another history. */
  previousDigest: historyDigestV1.default(GENESIS_DIGEST),
  /** Names the history up to and including this revision. */
  digest: historyDigestV1.default(GENESIS_DIGEST),
  /** Of all facts of the tenant as they are at this revision; null: not known. */
  factsDigest: factsDigestV1.default(null),
};

/**
 * Everything one committed revision changed. (tenantId, epoch, revision) is the dedupe key, the
 * gap detector and what a consistency token names. Messages of before digests existed carry none
 * and read as the history that has no name, GENESIS_DIGEST.
 */
export const accessChangedV1 = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('CHANGES'), ...position, events: z.array(accessEventV1).min(1) }),
  z.object({ kind: z.literal('SNAPSHOT_REQUIRED'), ...position }),
]);
export type AccessChangedV1 = z.infer<typeof accessChangedV1>;

/** The AMQP message type and Nest event pattern that carries {@link accessChangedV1}. */
export const ACCESS_CHANGED_V1 = 'access-changed.v1';
