/** What is there already, or will be: most checks wait for nothing. */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value, at once where it is there. */
export function whenThere<A, B>(value: Soon<A>, next: (value: A) => B): Soon<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}
