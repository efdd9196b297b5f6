import type { z } from 'zod';
import { ApiError } from '../errors/api-error.js';

const MAX_REPORTED_ISSUES = 10;
const MAX_TEXT_LENGTH = 200;

/** One thing that is wrong with what was sent. */
export interface InputIssue {
  /** Where, such as `members.3.id`; empty for the input as a whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * What an edge does to everything that came over the wire, before anything else sees it.
 *
 * @throws ApiError INVALID_INPUT naming the first ten issues, in `details.issues`
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;

  const issues = parsed.error.issues.slice(0, MAX_REPORTED_ISSUES).map((issue): InputIssue => ({
    path: shorten(issue.path.join('.')),
    message: shorten(issue.message),
  }));
  const unreported = parsed.error.issues.length - issues.length;
  throw new ApiError('INVALID_INPUT', summaryOf(issues), {
    issues,
    ...(unreported > 0 && { unreported }),
  });
}

function summaryOf(issues: readonly InputIssue[]): string {
  const [first] = issues;
  if (first === undefined) return 'The input is not valid.';
  return `The input is not valid: ${first.path === '' ? '' : `${first.path}: `}${first.message}`;
}

// Keys and messages can repeat what was sent: an answer must not grow with the attack.
function shorten(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH)}…`;
}
