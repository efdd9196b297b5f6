import fc from 'fast-check';
import { doubleOf, writeDouble } from './double.js';

it('a number is written into two ints, and read from them as it was', () => {
  fc.assert(
    fc.property(fc.double(), fc.nat({ max: 2 }), (value, at) => {
      const row = new Int32Array(4).fill(-7);
      writeDouble(row, at, value);
      expect(doubleOf(row[at]!, row[at + 1]!)).toBe(value);
      expect([...row].filter((_, i) => i !== at && i !== at + 1)).toEqual([-7, -7]);
    }),
  );
});
