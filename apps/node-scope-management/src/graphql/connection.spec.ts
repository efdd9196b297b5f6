import { ApiError, tenantIdSchema } from '@bastion/platform';
import fc from 'fast-check';
import { cursorAt, type PageRequest, pageRequest, toPage } from './connection.js';

const ID = '01890000-0000-7000-8000-000000000001';
const CREATED = { field: 'CREATED', direction: 'ASC' } as const;
const NAME = { field: 'NAME', direction: 'DESC' } as const;
const cursorOf = (id: string) => cursorAt(CREATED, { key: id, id });
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('pageRequest', () => {
  it('begins at the start, in the order of creation, and goes on after a cursor', () => {
    const start = { take: 10, order: CREATED, after: undefined };
    expect(pageRequest({ first: 10 })).toEqual(start);
    expect(pageRequest({ first: 10, after: null }, null)).toEqual(start);
    expect(pageRequest({ first: 10, after: cursorOf(ID) })).toEqual({
      ...start,
      after: { key: ID, id: ID },
    });
  });

  it('goes on after any key that a row can have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const key = text.replaceAll('\u0000', '');
        const after = cursorAt(NAME, { key, id: ID });
        expect(pageRequest({ first: 1, after }, NAME).after).toEqual({ key, id: ID });
      }),
    );
  });

  it.each([-1, 501, 1.5, Number.NaN])('refuses a page of %s', (first) => {
    expect(() => pageRequest({ first })).toThrow(ApiError);
  });

  it.each([
    'nonsense',
    '',
    ' ',
    encoded(ID),
    encoded([]),
    encoded(['CREATED', 'ASC']),
    encoded(['CREATED', 'ASC', 'acme']),
    encoded(['CREATED', 'ASC', ID, 7]),
    encoded(['CREATED', 'ASC', ID, 'a\u0000']),
    encoded(['CREATED', 'ASC', ID, 'a'.repeat(1_001)]),
    encoded(['CREATED', 'ASC', `${ID}\u0000`]),
    encoded({ field: 'CREATED' }),
    'x'.repeat(5_000),
  ])('refuses the cursor %j', (after) => {
    if (after === '') return expect(pageRequest({ first: 1, after }).after).toBeUndefined();
    return expect(() => pageRequest({ first: 1, after })).toThrow(ApiError);
  });

  it.each([
    ['another field', { field: 'NAME', direction: 'ASC' } as const],
    ['the other direction', { field: 'CREATED', direction: 'DESC' } as const],
  ])('refuses a cursor of a list that is ordered by %s', (_, order) => {
    expect(() => pageRequest({ first: 1, after: cursorOf(ID) }, order)).toThrow(ApiError);
  });

  it('takes cursors of other ids where it is told so', () => {
    const asked = { first: 1, after: cursorOf('acme') };
    expect(pageRequest(asked, null, tenantIdSchema).after).toEqual({ key: 'acme', id: 'acme' });
  });
});

describe('toPage', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  const asked = (take: number, after?: string): PageRequest => ({
    take,
    order: CREATED,
    after: after === undefined ? undefined : { key: after, id: after },
  });

  it('cuts off the surplus row and says that more follow', () => {
    expect(toPage(rows, 7, asked(2))).toEqual({
      nodes: [{ id: 'a' }, { id: 'b' }],
      edges: [
        { cursor: cursorOf('a'), node: { id: 'a' } },
        { cursor: cursorOf('b'), node: { id: 'b' } },
      ],
      totalCount: 7,
      pageInfo: {
        hasNextPage: true,
        hasPreviousPage: false,
        startCursor: cursorOf('a'),
        endCursor: cursorOf('b'),
      },
    });
  });

  it('says where the list begins and ends', () => {
    expect(toPage(rows, 4, asked(3, '9')).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: cursorOf('a'),
      endCursor: cursorOf('c'),
    });
    expect(toPage([], 0, asked(3)).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });

  it('makes cursors of what the rows are ordered by', () => {
    const page = toPage([{ id: ID, name: 'Zoë' }], 1, { ...asked(1), order: NAME }, ({ name }) =>
      name.toLowerCase(),
    );
    expect(page.edges[0]?.cursor).toBe(cursorAt(NAME, { key: 'zoë', id: ID }));
  });
});
