import { ApiError, tenantIdSchema } from '@bastion/platform';
import { pageRequest, toPage } from './connection.js';

const ID = '01890000-0000-7000-8000-000000000001';
const cursorOf = (id: string) => Buffer.from(id).toString('base64url');

describe('pageRequest', () => {
  it('begins at the start and goes on after a cursor', () => {
    expect(pageRequest({ first: 10 })).toEqual({ take: 10, afterId: undefined });
    expect(pageRequest({ first: 10, after: null })).toEqual({ take: 10, afterId: undefined });
    expect(pageRequest({ first: 10, after: cursorOf(ID) })).toEqual({ take: 10, afterId: ID });
  });

  it.each([-1, 501, 1.5, Number.NaN])('refuses a page of %s', (first) => {
    expect(() => pageRequest({ first })).toThrow(ApiError);
  });

  it.each(['nonsense', cursorOf('acme'), cursorOf(`${ID}\u0000`)])(
    'refuses the cursor %s',
    (after) => {
      expect(() => pageRequest({ first: 1, after })).toThrow(ApiError);
    },
  );

  it('takes cursors of other ids where it is told so', () => {
    const asked = { first: 1, after: cursorOf('acme') };
    expect(pageRequest(asked, tenantIdSchema)).toEqual({ take: 1, afterId: 'acme' });
  });
});

describe('toPage', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  it('cuts off the surplus row and says that more follow', () => {
    expect(toPage(rows, 7, { take: 2, afterId: undefined })).toEqual({
      nodes: [{ id: 'a' }, { id: 'b' }],
      totalCount: 7,
      pageInfo: { hasNextPage: true, endCursor: cursorOf('b') },
    });
  });

  it('says where the list ends', () => {
    expect(toPage(rows, 3, { take: 3, afterId: undefined }).pageInfo).toEqual({
      hasNextPage: false,
      endCursor: cursorOf('c'),
    });
    expect(toPage([], 0, { take: 3, afterId: undefined }).pageInfo).toEqual({
      hasNextPage: false,
      endCursor: null,
    });
  });
});
