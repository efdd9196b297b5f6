import { LIMITS } from '@bastion/access';
import { z } from 'zod';

/** What is known of a user beside the names; nothing in it decides anything. */
export type Metadata = Readonly<Record<string, unknown>>;

/** What an object is reached by that it does not hold. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const KEY = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,200}$/u;

/** A JSON object that PostgreSQL takes, within LIMITS, and that is harmless to whoever merges it. */
export const metadataSchema = z
  .custom<Metadata>((value) => isObject(value), 'Expected a JSON object')
  .superRefine((value, context) => {
    const problem = problemOf(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

function problemOf(metadata: Metadata): string | undefined {
  const { metadataDepth, metadataKeys, metadataLength } = LIMITS;
  let keys = 0;
  // Depth first, and no deeper than allowed: what is sent may be as deep as its bytes go.
  const open: { readonly value: unknown; readonly depth: number }[] = [
    { value: metadata, depth: 1 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isStorable(value)) return 'A text is not well-formed';
    if (typeof value === 'number' && !Number.isFinite(value)) return 'A number is none';
    if (typeof value !== 'object' || value === null) continue;
    if (depth > metadataDepth) return `More than ${metadataDepth} levels deep`;
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) {
        keys += 1;
        if (FORBIDDEN_KEYS.has(key) || !KEY.test(key)) return 'A key is not allowed';
      }
      open.push({ value: inner, depth: depth + 1 });
    }
    if (keys > metadataKeys) return `More than ${metadataKeys} keys`;
  }
  const { length } = JSON.stringify(metadata);
  return length > metadataLength ? `More than ${metadataLength} characters of JSON` : undefined;
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** PostgreSQL keeps neither U+0000 nor half a character. */
function isStorable(text: string): boolean {
  return !/[\u0000\p{Cs}]/u.test(text);
}
