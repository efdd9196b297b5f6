import { Util } from 'casbin';
import fc from 'fast-check';
import { BUILT_IN_FUNCTIONS } from './built-in-functions.js';

type Call = (...args: unknown[]) => unknown;

const THEIRS: Readonly<Record<string, Call>> = {
  keyMatch: Util.keyMatchFunc as Call,
  keyGet: Util.keyGetFunc as Call,
  keyMatch2: Util.keyMatch2Func as Call,
  keyMatch3: Util.keyMatch3Func as Call,
  keyMatch5: Util.keyMatch5Func as Call,
  regexMatch: Util.regexMatchFunc as Call,
};

const part = fc.constantFrom(
  ...['a', 'b1', '*', ':id', '{id}', '.', '?x=1', '.*', '(', '', 'x:y', '{a}.{b}', ':a:b', '{}'],
);
const path = fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const value = fc.oneof(path, path, path, fc.constantFrom('*', '', undefined, 0, 12, true));

function outcome(call: Call, args: readonly unknown[]): unknown {
  try {
    return call(...args);
  } catch {
    return 'throws';
  }
}

/** node-casbin looks for ever for the end of a parameter that has no name. */
function hangsTheirs(pattern: unknown): boolean {
  return /\/:(\/|$)|\/\{(?![^/]+\})/.test(String(pattern));
}

describe('built-in functions', () => {
  it('are those whose answers are compared here', () => {
    expect([...BUILT_IN_FUNCTIONS.keys()].sort()).toEqual(Object.keys(THEIRS).sort());
  });

  it.each(Object.entries(THEIRS))('%s answers as node-casbin’s does', (name, theirs) => {
    fc.assert(
      fc.property(value, value, (key, pattern) => {
        fc.pre(!hangsTheirs(pattern));
        const ours = BUILT_IN_FUNCTIONS.get(name)!;
        expect(outcome(ours, [key, pattern])).toEqual(outcome(theirs, [key, pattern]));
      }),
      { numRuns: 1_000 },
    );
  });

  it('get nothing from a pattern without a part to get', () => {
    expect(BUILT_IN_FUNCTIONS.get('keyGet')!('/a', '/a')).toBe('');
    expect(BUILT_IN_FUNCTIONS.get('keyGet')!('/a', '/*')).toBe('a');
  });

  it.each(['/:', '/a/:/b', '/{', '/{/}'])('end on a parameter without its end: %s', (pattern) => {
    const calls = ['keyMatch2', 'keyMatch3', 'keyMatch5'].map((name) =>
      BUILT_IN_FUNCTIONS.get(name)!,
    );
    for (const call of calls) expect(['throws', false]).toContain(outcome(call, ['/a', pattern]));
  });
});
