const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** Writes a number, every one of them exactly, into two ints from `at` on. */
export function writeDouble(row: Int32Array, at: number, value: number): void {
  double[0] = value;
  row[at] = halves[0]!;
  row[at + 1] = halves[1]!;
}

export function doubleOf(first: number, second: number): number {
  halves[0] = first;
  halves[1] = second;
  return double[0]!;
}
