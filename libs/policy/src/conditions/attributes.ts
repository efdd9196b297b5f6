/** What JSON can say. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** What a caller says about a request, by name. */
export type Attributes = Readonly<Record<string, JsonValue>>;

/**
 * How much one object of attributes may hold. Together with the limits of a condition they bound
 * what evaluating one can cost.
 */
export const ATTRIBUTE_LIMITS = {
  /** Objects and lists within one another, the outermost counted. */
  depth: 6,
  /** Values of every kind, objects and lists among them. */
  values: 256,
  /** UTF-16 code units of one text or name. */
  textLength: 1_024,
  /** UTF-16 code units of all texts and names together. */
  totalLength: 8_192,
} as const;

/** Why something is no object of attributes within the limits; undefined: it is one. */
export function flawOfAttributes(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return 'expected a JSON object';
  }
  const count = { values: 0, length: 0 };
  return flawOf(given, 1, count);
}

function flawOf(
  value: unknown,
  depth: number,
  count: { values: number; length: number },
): string | undefined {
  const { depth: maxDepth, values, textLength, totalLength } = ATTRIBUTE_LIMITS;
  if (++count.values > values) return `more than ${values} values`;
  const flawOfText = (text: string): string | undefined => {
    count.length += text.length;
    if (text.length > textLength) return `a text of more than ${textLength} characters`;
    return count.length > totalLength ? `more than ${totalLength} characters of text` : undefined;
  };
  if (typeof value === 'string') return flawOfText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'not a JSON value';
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value !== 'object') return 'not a JSON value';
  if (depth > maxDepth) return `nested deeper than ${maxDepth}`;
  for (const [name, member] of Object.entries(value)) {
    const flaw =
      (Array.isArray(value) ? undefined : flawOfText(name)) ?? flawOf(member, depth + 1, count);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}
