/**
 * The one text of a value, for hashing and signing: RFC 8785 (JSON Canonicalization Scheme).
 * Keys are sorted by UTF-16 code units, numbers and strings are written as ECMAScript does.
 *
 * @throws TypeError for anything with no canonical text: undefined, NaN, infinities, functions,
 *   bigints, class instances, text that is not well-formed Unicode
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeText(value, path);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  // Array.from and not map: a hole must be refused, not skipped.
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`)).join(',')}]`;
  }
  if (isPlainObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${writeText(key, path)}:${write(value[key], `${path}.${key}`)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`${path} has no canonical JSON text`);
}

function writeText(text: string, path: string): string {
  // A lone surrogate would be hashed as one text here and as another after a trip through UTF-8.
  if (/\p{Cs}/u.test(text)) throw new TypeError(`${path} is not well-formed Unicode`);
  return JSON.stringify(text);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
