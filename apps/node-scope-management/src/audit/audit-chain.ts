import { createHash } from 'node:crypto';
import { canonicalJson } from '@bastion/platform';

/** The head of a tenant's chain: sequence 0 and the empty hash before the first entry. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ChainedEntry extends ChainHead {
  readonly previousHash: string;
  readonly entry: Record<string, unknown>;
}

/**
 * Appends an entry to a chain. The time is forced monotonic, so that "as of t" is the last entry
 * at or before t even where the clock was set back.
 */
export function chainEntry(
  head: ChainHead,
  tenantId: string,
  now: number,
  entry: Record<string, unknown>,
): ChainedEntry {
  const sequence = head.sequence + 1;
  const at = Math.max(now, head.at);
  const hash = hashOf({ tenantId, sequence, at, previousHash: head.hash, entry });
  return { sequence, at, previousHash: head.hash, entry, hash };
}

/** The hash an entry must have; what is compared on verification. */
export function hashOf(content: {
  readonly tenantId: string;
  readonly sequence: number;
  readonly at: number;
  readonly previousHash: string;
  readonly entry: Record<string, unknown>;
}): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
