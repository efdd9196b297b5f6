/** Hashes of 16,384 things that differ little differ as if by chance, in their leading bits and their last. */
export function expectSpread(hashOf: (n: number) => number): void {
  const hashes = Array.from({ length: 1 << 14 }, (_, n) => hashOf(n));
  expect(new Set(hashes).size).toBeGreaterThan(hashes.length * 0.999);
  for (const bitsOf of [(hash: number) => hash >>> 24, (hash: number) => hash & 0xff]) {
    const counts = new Int32Array(256);
    for (const hash of hashes) counts[bitsOf(hash)]! += 1;
    // 64 on the average, with a standard deviation of 8.
    expect(Math.min(...counts)).toBeGreaterThan(20);
    expect(Math.max(...counts)).toBeLessThan(115);
  }
}
