import { z } from 'zod';

/**
 * Text PostgreSQL, logs and screens can take: no control characters (U+0000 among them), no line
 * separators, no lone surrogates, none of the characters that reorder text around them (UTS #39).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

const printable = (text: string): boolean => !UNPRINTABLE.test(text);
const PRINTABLE_RULE = { error: 'No control characters, line breaks or text direction marks' };

/** `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`: an operator may pass the identity provider's id. */
export const tenantIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'Expected 1 to 64 letters, digits, ".", "_" or "-"');

/** The id of anything but a tenant: a UUID, in lower case, as ids are compared as text. */
export const entityIdSchema = z.uuid().toLowerCase();

/**
 * One line of text for people, trimmed and in Unicode normalization form C.
 *
 * @param maxLength in UTF-16 code units
 */
export function lineOfText(maxLength: number) {
  return z.string().normalize('NFC').trim().min(1).max(maxLength).refine(printable, PRINTABLE_RULE);
}

/** What users, groups, scopes and roles are called. */
export const nameSchema = lineOfText(200);

/**
 * What others name something by: taken exactly as it is, since it is compared as it is.
 *
 * @param maxLength in UTF-16 code units
 */
export function exactText(maxLength: number) {
  return z.string().min(1).max(maxLength).refine(printable, PRINTABLE_RULE);
}

/** A `sub` of the identity provider. */
export const subjectSchema = exactText(256);

/** A caller's own id of a resource. */
export const resourceIdSchema = exactText(126);

/** A consistency token; whether it is a good one is not a question of form. */
export const consistencyTokenSchema = z.string().min(1).max(512);

/** A moment that PostgreSQL and RFC 3339 can both write: of the years 1 to 9999. */
export const instantSchema = z
  .date()
  .min(new Date('0001-01-01T00:00:00Z'))
  .max(new Date('9999-12-31T23:59:59.999Z'));

/** Why somebody changes something; kept in the audit. */
export const reasonSchema = lineOfText(1_000);
