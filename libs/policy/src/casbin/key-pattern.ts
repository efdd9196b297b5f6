/**
 * The regular expressions that Casbin makes of its patterns of paths. It replaces one parameter
 * after another from the right and searches the whole pattern each time; these go through it once
 * and come to the same, down to what becomes of a parameter that is not quite one. Where Casbin
 * would look for the end of a parameter for ever, they throw a SyntaxError.
 */

/** Of `/books/:id/*`. */
export function expressionOfColons(pattern: string): string {
  return withParameters(pattern, ':', (segment) => {
    // Each colon that names something is replaced; of what the one behind it became, `/]+` is left.
    const [before, ...named] = segment.slice(0, -1).split(':');
    return named.length === 0 ? segment : before + PARAMETER + '/]+'.repeat(named.length - 1);
  });
}

/** Of `/books/{id}/*`. */
export function expressionOfBraces(pattern: string): string {
  return withParameters(pattern, '{', (segment) => {
    let rest = segment;
    let replaced = '';
    for (;;) {
      const end = rest.lastIndexOf('}');
      const start = end < 2 ? -1 : rest.lastIndexOf('{', end - 2);
      if (start === -1) return rest + replaced;
      replaced = PARAMETER + rest.slice(end + 1) + replaced;
      rest = rest.slice(0, start);
    }
  });
}

const PARAMETER = '[^/]+';

function withParameters(
  pattern: string,
  opening: string,
  replace: (segment: string) => string,
): string {
  const segments = pattern.replaceAll('/*', '/.*').split('/');
  // What is before the first segment that is a parameter stays as it is.
  const first = segments.findIndex((segment, index) => index > 0 && segment.startsWith(opening));
  if (first === -1) return segments.join('/');
  if (/[\n\r\u2028\u2029]/.test(pattern)) throw new SyntaxError('a line ends within a pattern');
  const replaced = segments.map((segment, index) => (index < first ? segment : replace(segment)));
  if (replaced.some((segment, index) => index > 0 && segment.startsWith(opening))) {
    throw new SyntaxError(`${JSON.stringify(pattern)} has an unfinished parameter`);
  }
  return replaced.join('/');
}
