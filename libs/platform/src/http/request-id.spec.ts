import { requestIdOf } from './request-id.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('requestIdOf', () => {
  it("keeps the client's id", () => {
    expect(requestIdOf({ 'x-request-id': 'trace:42_a.b-c' })).toBe('trace:42_a.b-c');
  });

  it.each([undefined, '', 'a b', 'a\nb', '"', 'ä', 'x'.repeat(129), ['a', 'b']])(
    'replaces %j',
    (given) => expect(requestIdOf({ 'x-request-id': given })).toMatch(UUID),
  );

  it('never gives the same id twice', () => {
    expect(requestIdOf({})).not.toBe(requestIdOf({}));
  });
});
