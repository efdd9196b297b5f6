import { BatchLoader } from './batch-loader.js';

const doubling = () => {
  const batches: (readonly string[])[] = [];
  const loader = new BatchLoader(async (keys) => {
    batches.push(keys);
    return new Map(keys.map((key) => [key, key + key]));
  });
  return { batches, loader };
};

describe('BatchLoader', () => {
  it('loads what is asked for at the same time together, and each key once', async () => {
    const { batches, loader } = doubling();
    expect(await Promise.all(['a', 'b', 'a'].map((key) => loader.load(key)))).toEqual([
      'aa',
      'bb',
      'aa',
    ]);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('waits for those who ask a few promises later', async () => {
    const { batches, loader } = doubling();
    const late = Promise.resolve().then(() => Promise.resolve().then(() => loader.load('b')));
    await Promise.all([loader.load('a'), late]);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('loads again what is asked for afterwards', async () => {
    const { batches, loader } = doubling();
    await loader.load('a');
    await loader.load('a');
    expect(batches).toEqual([['a'], ['a']]);
  });

  it('lets all who asked fail together, and starts afresh', async () => {
    let fails = true;
    const loader = new BatchLoader(async (keys) => {
      if (fails) throw new Error('down');
      return new Map(keys.map((key) => [key, key]));
    });
    const failed = await Promise.allSettled([loader.load('a'), loader.load('b')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await loader.load('a')).toBe('a');
  });

  it('refuses a batch that lacks a key', async () => {
    const loader = new BatchLoader(async () => new Map<string, string>());
    await expect(loader.load('a')).rejects.toThrow('without a');
  });
});
