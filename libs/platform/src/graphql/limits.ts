import type { QueryLimits } from './query-limits.js';

/** What one operation may ask for, over HTTP or a WebSocket; docs/technical/graphql.md says why so much. */
export const QUERY_LIMITS: QueryLimits = {
  depth: 15,
  fields: 1_000,
  aliases: 50,
  rootFields: 20,
  directives: 50,
  repeats: 20,
};

/** How many fields its answer may have, as `estimateCost` estimates it. */
export const MAX_QUERY_COST = 20_000;

/**
 * Long values belong into variables. The parser recurses: from about 2,000 nested levels on it runs
 * out of stack, and each level takes two tokens.
 */
export const MAX_QUERY_TOKENS = 2_000;
