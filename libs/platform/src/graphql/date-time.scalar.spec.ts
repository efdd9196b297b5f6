import { parseValue } from 'graphql';
import { DateTime } from './date-time.scalar.js';

describe('DateTime', () => {
  it.each([
    ['2019-12-03T09:54:33Z', '2019-12-03T09:54:33.000Z'],
    ['2019-12-03T09:54:33.25+01:00', '2019-12-03T08:54:33.250Z'],
  ])('reads %s, from a variable and from a query', (text, expected) => {
    expect(DateTime.parseValue(text).toISOString()).toBe(expected);
    expect(DateTime.parseLiteral(parseValue(`"${text}"`)).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'tomorrow',
    '7',
    '2019-12-03',
    '2019-12-03T09:54:33',
    '2019-13-03T09:54:33Z',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    7,
    1e308,
    true,
    {},
    ['2019-12-03T09:54:33Z'],
  ])('refuses %j', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('Expected a date and time');
  });

  it.each(['7', 'true', '{}', '["2019-12-03T09:54:33Z"]', 'TOMORROW'])(
    'refuses the literal %s, rather than taking it for null',
    (literal) => {
      expect(() => DateTime.parseLiteral(parseValue(literal))).toThrow('Expected a date and time');
    },
  );

  it('writes what it reads', () => {
    const date = new Date('2019-12-03T09:54:33Z');
    expect(DateTime.serialize(date)).toBe('2019-12-03T09:54:33.000Z');
  });
});
