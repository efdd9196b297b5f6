import { findBadInputFaults } from './bad-input.js';
import { badValuesFor } from './bad-values.js';
import type { Answer, Endpoint } from './endpoint.js';
import type { Arguments, Leaf } from './leaf.js';

const name: Leaf = { path: ['input', 'name'], type: 'String', identifies: null, alone: false };

const refused: Answer = { status: 400, body: { code: 'INVALID_INPUT' }, refusal: 'INVALID_INPUT' };
const done: Answer = { status: 200, body: { name: 'a' }, refusal: null };

/** Refuses whatever is not three letters, or answers to it as planted. */
function faultsWith(planted: (given: unknown) => Answer | undefined = () => undefined) {
  let rows = 0;
  const nameIn = ({ input }: Arguments): unknown => (input as { name?: unknown }).name;
  const endpoint: Endpoint = {
    name: 'Mutation.name',
    audience: 'OWN',
    writes: true,
    sample: () => ({ input: { name: 'abc' } }),
    leaves: [name],
    send: async (_token, args) => {
      const given = nameIn(args);
      const answer =
        planted(given) ?? (typeof given === 'string' && /^\w{3}$/.test(given) ? done : refused);
      if (answer.refusal === null || answer.body === WRITTEN) rows += 1;
      return answer;
    },
  };
  return findBadInputFaults(endpoint, { token: 'own', rows: async () => ({ names: `${rows}` }) });
}

const WRITTEN = { code: 'INVALID_INPUT', written: true };

describe('the harness for bad input', () => {
  it('finds no fault with what refuses it', async () => {
    expect(await faultsWith()).toEqual([]);
  });

  it('names what takes a value that no text is', async () => {
    const faults = await faultsWith((given) => (given === true ? done : undefined));
    expect(faults).toEqual(['Mutation.name: true as input.name: accepted']);
  });

  it('lets strange texts pass for what they are', async () => {
    expect(await faultsWith((given) => (given === '__proto__' ? done : undefined))).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    [
      'a fault',
      { status: 200, body: {}, refusal: 'INTERNAL_ERROR' },
      'answered 200 INTERNAL_ERROR: {}',
    ],
    ['a status of its own', { status: 500, body: 'x', refusal: '500' }, 'answered 500 500: "x"'],
    [
      'a stack',
      { ...refused, body: 'Error\n    at run (/srv/a.ts:7:1)' },
      'tells of the inside: "Error\\n    at run (/srv/a.ts:7:1)"',
    ],
    [
      'a statement',
      { ...refused, body: 'INSERT INTO users' },
      'tells of the inside: "INSERT INTO users"',
    ],
    ['an echo', { ...refused, body: 'a'.repeat(6_000) }, 'refused in 6002 letters'],
  ])('names %s', async (_what, answer, fault) => {
    const faults = await faultsWith((given) => (given === 'a\u0000b' ? answer : undefined));
    expect(faults).toEqual([`Mutation.name: U+0000 as input.name: ${fault}`]);
  });

  it('names a write that is refused and done', async () => {
    const faults = await faultsWith((given) =>
      given === 'a\u0000b' ? { ...refused, body: WRITTEN } : undefined,
    );
    expect(faults).toEqual(['Mutation.name: refused, and changed names']);
  });

  it('has something bad for every type, and for types that it never heard of', () => {
    for (const type of ['String', 'ID', 'Int', 'Boolean', 'DateTime', 'Address', 'Colour']) {
      expect(badValuesFor({ ...name, type }).length).toBeGreaterThanOrEqual(4);
    }
  });
});
