import fc from 'fast-check';
import { Slots } from './slots.js';

describe('slots', () => {
  it('let no more than their number happen at a time, in the order of asking', async () => {
    const work = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), work, async (number, lengths) => {
        const slots = new Slots(number);
        const begun: number[] = [];
        let running = 0;
        let most = 0;
        const tasks = lengths.map((length, index) =>
          slots.run(async () => {
            begun.push(index);
            most = Math.max(most, (running += 1));
            for (let turn = 0; turn < length; turn += 1) await new Promise(setImmediate);
            running -= 1;
          }),
        );
        await Promise.all(tasks);
        expect(most).toBeLessThanOrEqual(number);
        expect(begun).toEqual(lengths.map((_, index) => index));
      }),
      { numRuns: 50 },
    );
  });

  it('are free again after a failure', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
