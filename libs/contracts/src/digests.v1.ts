import { z } from 'zod';

/** The name of the empty history, and of every history of before revisions had names. */
export const GENESIS_DIGEST = '0'.repeat(64);

/**
 * SHA-256, in hexadecimal, over the digest of the revision before and the revision itself. Two
 * histories that differ anywhere have different digests from there on, so equal digests at one
 * revision mean that nothing before it was lost or rewritten.
 */
export const historyDigestV1 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * `1:` and 64 hexadecimal digits: the sum of the SHA-256 of every fact, modulo 2^256, whatever
 * their order. The number in front names the way a fact is written down for it: digests of
 * different ways are not compared.
 */
export const factsDigestV1 = z
  .string()
  .regex(/^[0-9]+:[0-9a-f]{64}$/)
  .nullable();
