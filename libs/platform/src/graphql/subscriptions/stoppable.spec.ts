import { once } from 'node:events';
import { stoppable } from './stoppable.js';

function counting(ended: string[]): AsyncIterableIterator<number> {
  return stoppable(async function* (signal) {
    try {
      yield 1;
      yield 2;
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      ended.push('ended');
    }
  });
}

describe('stoppable', () => {
  it('passes on what is generated', async () => {
    const values = counting([]);
    expect([await values.next(), await values.next()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
    ]);
    await values.return?.();
  });

  it.each(['before it began', 'between two values', 'while it waits'])(
    'ends when it is told to %s',
    async (when) => {
      const ended: string[] = [];
      const values = counting(ended);
      if (when !== 'before it began') await values.next();
      const waiting = when === 'while it waits' ? [values.next(), values.next()] : [];
      await values.return?.();
      await Promise.all(waiting);
      expect(await values.next()).toEqual({ done: true, value: undefined });
      expect(ended).toEqual(when === 'before it began' ? [] : ['ended']);
    },
  );
});
