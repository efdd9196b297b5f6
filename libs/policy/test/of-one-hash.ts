/** Two numbers whose things have one hash; of 200,000 things, two or three pairs do by chance. */
export function twoOfOneHash(hashOf: (n: number) => number): readonly [number, number] {
  const numbers = new Map<number, number>();
  for (let n = 0; n < 1_000_000; n++) {
    const hash = hashOf(n);
    const before = numbers.get(hash);
    if (before !== undefined) return [before, n];
    numbers.set(hash, n);
  }
  throw new Error('every hash is different');
}
