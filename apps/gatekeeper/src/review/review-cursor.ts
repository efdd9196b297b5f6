import { ApiError, consistencyTokenSchema } from '@bastion/platform';
import type { TimeInterval } from '@bastion/policy';
import { z } from 'zod';

/** Where a list goes on. */
export interface ReviewCursor {
  /** Stands for the question: another question's cursor is refused. */
  readonly question: string;
  /** Names the tenant and the revision of the first page; signed. */
  readonly consistencyToken: string;
  /** What was "now" for the first page. */
  readonly time: TimeInterval;
  /** The last of the page before. */
  readonly after: string;
}

const cursorSchema = z
  .strictObject({
    q: z.string(),
    t: consistencyTokenSchema,
    n: z.tuple([z.number(), z.number()]).refine(([earliest, latest]) => earliest <= latest),
    a: z.string(),
  })
  .transform(({ q, t, n: [earliest, latest], a }): ReviewCursor => ({
    ...{ question: q, consistencyToken: t, time: { earliest, latest }, after: a },
  }));

export function writeCursor({ question, consistencyToken, time, after }: ReviewCursor): string {
  const n = [time.earliest, time.latest];
  return Buffer.from(JSON.stringify({ q: question, t: consistencyToken, n, a: after })).toString(
    'base64url',
  );
}

/**
 * Throws ApiError INVALID_INPUT for what is no cursor of ours, or one of another question. What it
 * says of time and place is not signed: a list is nothing that is enforced.
 */
export function readCursor(text: string, question: string): ReviewCursor {
  const cursor = cursorSchema.safeParse(jsonOf(text));
  if (!cursor.success) throw new ApiError('INVALID_INPUT', 'after: not a cursor of this list.');
  if (cursor.data.question !== question) {
    throw new ApiError('INVALID_INPUT', 'after: the cursor is of another question.');
  }
  return cursor.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
