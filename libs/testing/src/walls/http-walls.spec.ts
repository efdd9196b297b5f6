import { findUnclassifiedRoutes, httpEndpoints, ownTenant, PUBLIC } from './http-walls.js';

describe('the table of routes', () => {
  it('covers what is served and is covered by it', () => {
    expect(findUnclassifiedRoutes(['GET /a'], { 'GET /a': PUBLIC })).toEqual([]);
  });

  it('misses a route that was added, and has one that is gone', () => {
    expect(
      findUnclassifiedRoutes(['GET /a', 'GET /b'], { 'GET /a': PUBLIC, 'GET /c': PUBLIC }),
    ).toEqual(['route GET /b: not classified', 'route GET /c: classified, and does not exist']);
  });

  it('names every text of a sample', async () => {
    const body = { user: { id: 'u' }, tags: ['t'], count: 1 };
    const rule = ownTenant({
      call: () => ({ body }),
      texts: { 'body.user.id': 'ID', 'body.gone': null },
    });
    const [endpoint] = httpEndpoints('POST /a', { 'POST /a': rule }, 'http://127.0.0.1');
    await expect(endpoint?.sample()).rejects.toThrow(
      'POST /a: text body.tags.0: not classified; POST /a: text body.gone: classified, and does not exist',
    );
  });
});
