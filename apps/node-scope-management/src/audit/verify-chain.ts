import { type ChainedEntry, type ChainHead, hashOf } from './audit-chain.js';

/**
 * MISSING: an entry is not there. PREVIOUS_HASH: it does not continue the one before it. CONTENT:
 * it is not what was hashed. HEAD: the chain does not end as the tenant's counter says.
 */
export type ChainProblem = 'MISSING' | 'PREVIOUS_HASH' | 'CONTENT' | 'HEAD';

/** The first place where a chain is not what was written. */
export interface ChainBreak {
  readonly sequence: number;
  readonly problem: ChainProblem;
  readonly expected: string;
  readonly found: string;
}

/** What is wrong with the next entry of a chain that is intact up to `head`; null: nothing. */
export function findBreak(
  head: Pick<ChainHead, 'sequence' | 'hash'>,
  tenantId: string,
  next: ChainedEntry,
): ChainBreak | null {
  const sequence = head.sequence + 1;
  if (next.sequence !== sequence) {
    const found = `entry ${next.sequence}`;
    return { sequence, problem: 'MISSING', expected: `entry ${sequence}`, found };
  }
  if (next.previousHash !== head.hash) {
    const found = next.previousHash;
    return { sequence, problem: 'PREVIOUS_HASH', expected: head.hash, found };
  }
  const hash = hashOfContent(tenantId, next);
  return next.hash === hash
    ? null
    : { sequence, problem: 'CONTENT', expected: next.hash, found: hash };
}

/** What is wrong with the end of an intact chain; null: nothing. */
export function findBreakAtHead(
  walked: Pick<ChainHead, 'sequence' | 'hash'>,
  counter: Pick<ChainHead, 'sequence' | 'hash'>,
): ChainBreak | null {
  if (walked.sequence === counter.sequence && walked.hash === counter.hash) return null;
  return {
    sequence: Math.min(walked.sequence, counter.sequence) + 1,
    problem: walked.sequence < counter.sequence ? 'MISSING' : 'HEAD',
    expected: `head at entry ${counter.sequence}, ${counter.hash}`,
    found: `head at entry ${walked.sequence}, ${walked.hash}`,
  };
}

function hashOfContent(tenantId: string, { sequence, at, previousHash, entry }: ChainedEntry) {
  try {
    return hashOf({ tenantId, sequence, at, previousHash, entry });
  } catch (error) {
    // What was put there by hand need not be anything that can be hashed, such as 1e999.
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}
