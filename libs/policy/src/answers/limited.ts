import type { Limited } from './explanation.js';

export const NOTHING: Limited<never> = { items: [], complete: true };

/** What becomes of the first of these. */
export function limited<A, B>(all: readonly A[], limit: number, itemOf: (one: A) => B): Limited<B> {
  return { items: all.slice(0, limit).map(itemOf), complete: all.length <= limit };
}
