import type { Answer } from './endpoint.js';
import type { Arguments } from './leaf.js';

/** What differs between two answers that say the same: ids, moments, tokens, revisions, versions. */
const INCIDENTAL: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<id>'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/v1\.[\w-]+\.[\w-]{43}/g, '<token>'],
  [/"revision":\d+/g, '"revision":"<revision>"'],
  [/"version":\d+/g, '"version":"<version>"'],
];

/** Shorter ones might be words of the answer. */
const MIN_ECHO_LENGTH = 5;

/**
 * An answer as one text, without what differs from call to call, and with what was sent replaced by
 * the place it was sent in: two calls are told the same if and only if these are equal.
 */
export function likeAnyOther({ status, body }: Answer, args: Arguments): string {
  let text = JSON.stringify(body) ?? '';
  for (const [place, sent] of textsIn(args, '')) {
    if (sent.length >= MIN_ECHO_LENGTH) text = text.replaceAll(quoted(sent), `<${place}>`);
  }
  for (const [pattern, name] of INCIDENTAL) text = text.replaceAll(pattern, name);
  return `${status} ${text}`;
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function textsIn(value: unknown, place: string): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textsIn(inner, place === '' ? key : `${place}.${key}`),
  );
}
