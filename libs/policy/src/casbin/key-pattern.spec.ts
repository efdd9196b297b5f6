import fc from 'fast-check';
import { expressionOfBraces, expressionOfColons } from './key-pattern.js';

/** As Casbin does it: again and again, until no parameter is left or nothing changes any more. */
function replacedNaively(pattern: string, opening: string, parameter: RegExp): string {
  let expression = pattern.replace(/\/\*/g, '/.*');
  while (expression.includes(opening)) {
    const next = expression.replace(parameter, '$1[^/]+$2');
    if (next === expression) return 'throws';
    expression = next;
  }
  return expression;
}

function outcome(expressionOf: (pattern: string) => string, pattern: string): string {
  try {
    return expressionOf(pattern);
  } catch (error) {
    expect(error).toEqual(
      new SyntaxError(`${JSON.stringify(pattern)} has an unfinished parameter`),
    );
    return 'throws';
  }
}

const piece = fc.constantFrom('/', '/', ':', '{', '}', '*', 'a', 'bc', '[^/]+', '.', '?', '');
const patterns = fc.oneof(
  fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 14 }).map((pieces) => `/:x/{y}${pieces.join('')}`),
);

describe('the expression of a pattern', () => {
  it.each([
    ['/:id', '/[^/]+'],
    ['/a/:id/*', '/a/[^/]+/.*'],
    ['host:80/:id/at:x', 'host:80/[^/]+/at[^/]+'],
    ['/a:b', '/a:b'],
  ])('of colons: %s', (pattern, expression) => {
    expect(expressionOfColons(pattern)).toBe(expression);
  });

  it.each([
    ['/{id}', '/[^/]+'],
    ['/a/{id}.{type}/*', '/a/[^/]+.[^/]+/.*'],
    ['{a}/{id}', '{a}/[^/]+'],
    ['/a{b}', '/a{b}'],
  ])('of braces: %s', (pattern, expression) => {
    expect(expressionOfBraces(pattern)).toBe(expression);
  });

  it('is what Casbin makes of it', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        expect(outcome(expressionOfColons, pattern)).toBe(
          replacedNaively(pattern, '/:', /(.*):[^/]+(.*)/g),
        );
        expect(outcome(expressionOfBraces, pattern)).toBe(
          replacedNaively(pattern, '/{', /(.*)\{[^/]+\}(.*)/g),
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['/:', '/a/:/b', '/{', '/{}', '/{a', '/{a/b}'])('needs whole parameters: %s', (some) => {
    const both = [outcome(expressionOfColons, some), outcome(expressionOfBraces, some)];
    expect(both).toContain('throws');
  });

  it.each(['\n', '\r', '\u2028', '\u2029'])(
    'has no parameters beside the end of a line: %j',
    (end) => {
      expect(() => expressionOfColons(`/:a${end}`)).toThrow('a line ends within a pattern');
      expect(() => expressionOfBraces(`${end}/{a}`)).toThrow('a line ends within a pattern');
      expect(expressionOfColons(`/a${end}`)).toBe(`/a${end}`);
    },
  );

  it('takes a step for each character, where Casbin takes one for each pair of them and more', () => {
    expect(expressionOfColons('/:a'.repeat(20_000))).toBe('/[^/]+'.repeat(20_000));
    expect(expressionOfBraces(`/${'{a}'.repeat(20_000)}`)).toBe(`/${'[^/]+'.repeat(20_000)}`);
    expect(() => expressionOfBraces('/{'.repeat(30_000))).toThrow(SyntaxError);
  });
});
