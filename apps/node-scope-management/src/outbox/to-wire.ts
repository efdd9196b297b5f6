import type { AccessEvent } from '@bastion/policy';
import { type AccessChangedV1, accessChangedV1, MAX_CHANGE_SET_BYTES } from '@bastion/contracts';
import { canonicalJson, sha256, eventToWire } from '@bastion/platform';

/** Where and when a change set was committed. */
export interface ChangeSetPosition {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  readonly committedAt: number;
  /** Of the revision before. */
  readonly previousDigest: string;
  /** Of all facts, once the change set is applied. */
  readonly factsDigest: string;
}

/**
 * The message for one committed revision. Parsing it strips whatever is not allow-listed; one too
 * large for a message tells its reader to take a snapshot. Its digest covers the digest of the
 * revision before, so that it names the whole history up to here.
 */
export function toWire(
  position: ChangeSetPosition,
  events: readonly AccessEvent[],
): AccessChangedV1 {
  const content = {
    ...position,
    events: events.map(eventToWire),
  };
  const links = { ...position, digest: sha256(canonicalJson(content)) };
  const message = accessChangedV1.parse({ ...content, kind: 'CHANGES', ...links });
  return Buffer.byteLength(JSON.stringify(message)) <= MAX_CHANGE_SET_BYTES
    ? message
    : { kind: 'SNAPSHOT_REQUIRED', ...links };
}
