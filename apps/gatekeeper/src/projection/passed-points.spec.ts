import { pointAt } from '../../test/support/histories.js';
import { PassedPoints } from './passed-points.js';

describe('the points that were passed while a question was under way', () => {
  it('are those that were noted between its beginning and its end, of every tenant by itself', () => {
    const passed = new PassedPoints();
    passed.note('a', pointAt(1));
    const passage = passed.begin();
    passed.note('a', pointAt(2));
    expect(passage.has('a', pointAt(1))).toBe(false);
    expect(passage.has('a', pointAt(2))).toBe(true);
    expect(passage.has('b', pointAt(2))).toBe(false);
    expect(passage.has('a', pointAt(2, { history: 'other' }))).toBe(false);
    expect(passage.has('a', { ...pointAt(2), epoch: 2 })).toBe(false);
    passage.end();
    passed.note('a', pointAt(3));
    expect(passage.has('a', pointAt(3))).toBe(false);
  });

  it('are noted for each of several questions from its own beginning on', () => {
    const passed = new PassedPoints();
    const first = passed.begin();
    passed.note('a', pointAt(1));
    const second = passed.begin();
    first.end();
    passed.note('a', pointAt(2));
    expect([first.has('a', pointAt(1)), first.has('a', pointAt(2))]).toEqual([true, false]);
    expect([second.has('a', pointAt(1)), second.has('a', pointAt(2))]).toEqual([false, true]);
  });
});
