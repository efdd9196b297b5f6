import { bearerTokenOf } from './bearer-token.js';

describe('bearerTokenOf', () => {
  it.each(['Bearer a.b-c_d', 'bearer a.b-c_d', 'BEARER   a.b-c_d'])('reads %j', (header) => {
    expect(bearerTokenOf(header)).toBe('a.b-c_d');
  });

  it('tells a missing header from a malformed one', () => {
    expect(() => bearerTokenOf(undefined)).toThrow('NO_TOKEN');
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'a.b.c',
    'Bearer a b',
    'Bearer a, Bearer b',
    'Bearer a\n',
  ])('refuses %j', (header) => expect(() => bearerTokenOf(header)).toThrow('MALFORMED_HEADER'));
});
