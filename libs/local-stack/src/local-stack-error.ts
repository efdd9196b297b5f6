/** A failure whose message tells the person at the keyboard what to do; callers print it without a stack. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}
