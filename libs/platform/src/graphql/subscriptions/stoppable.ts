/**
 * The values of a generator that waits for something outside, as a subscription that can be left at any
 * time. A generator alone could not: told to return it goes on waiting for what it waits for. Here the
 * signal that it was given is aborted first, by which it must stop waiting and end.
 */
export function stoppable<T>(
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterableIterator<T> {
  const stop = new AbortController();
  const values = generate(stop.signal);
  return {
    next: () => values.next(),
    return: () => {
      stop.abort();
      return values.return();
    },
    throw: (error: unknown) => {
      stop.abort();
      return values.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
