import { inSlices } from './in-slices.js';

function* counting(upTo: number, log: string[], failsAt = Infinity) {
  for (let n = 1; n <= upTo; n += 1) {
    if (n === failsAt) throw new Error('broken');
    log.push(`step ${n}`);
    yield;
  }
  return upTo;
}

describe('inSlices', () => {
  it('gives others their turn between two steps', async () => {
    const log: string[] = [];
    const work = inSlices(counting(3, log));
    for (let turn = 0; turn < 2; turn += 1) {
      await new Promise(setImmediate);
      log.push('another');
    }
    await expect(work).resolves.toBe(3);
    expect(log.slice(0, 2)).toEqual(['step 1', 'step 2']);
    expect(log.indexOf('another')).toBeLessThan(log.indexOf('step 3'));
  });

  it('rejects with what a step throws', async () => {
    await expect(inSlices(counting(3, [], 2))).rejects.toThrow('broken');
  });
});
