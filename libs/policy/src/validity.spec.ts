import { isValidSomewhere, validityThroughout } from './validity.js';

const time = { earliest: 100, latest: 110 };

describe('the validity of an ALLOW', () => {
  it.each([
    ['unbounded', null, null, 'VALID'],
    ['from the first millisecond', 100, null, 'VALID'],
    ['from a millisecond later', 101, null, 'NOT_YET_VALID'],
    ['until after the last millisecond', null, 111, 'VALID'],
    ['until the last millisecond, which it excludes', null, 110, 'EXPIRED'],
    ['within the interval', 101, 110, 'EXPIRED'],
    ['from no number', Number.NaN, null, 'NOT_YET_VALID'],
    ['until no number', null, Number.NaN, 'EXPIRED'],
  ])('%s', (_, validFrom, validUntil, expected) => {
    expect(validityThroughout({ validFrom, validUntil }, time)).toBe(expected);
  });
});

it('has no bounds where none are set, before 1970 either', () => {
  const bounds = { validFrom: null, validUntil: null };
  const before1970 = { earliest: -110, latest: -100 };
  expect(validityThroughout(bounds, before1970)).toBe('VALID');
  expect(isValidSomewhere(bounds, before1970)).toBe(true);
  expect(isValidSomewhere({ ...bounds, validUntil: -109 }, before1970)).toBe(true);
});

describe('the validity of a DENY', () => {
  it.each([
    ['unbounded', null, null, true],
    ['from the last millisecond', 110, null, true],
    ['from a millisecond later', 111, null, false],
    ['until after the first millisecond', null, 101, true],
    ['until the first millisecond, which it excludes', null, 100, false],
    ['within the interval', 104, 105, true],
    ['ending before it begins', 105, 105, false],
    ['from no number', Number.NaN, null, true],
    ['until no number', null, Number.NaN, true],
  ])('%s', (_, validFrom, validUntil, expected) => {
    expect(isValidSomewhere({ validFrom, validUntil }, time)).toBe(expected);
  });
});
