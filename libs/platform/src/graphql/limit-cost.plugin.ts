import type { ApolloServerPlugin } from '@apollo/server';
import { refuseCostly } from './query-cost.js';

/**
 * Refuses operations that may cost more than `limit`, before anything of them is executed. No rule of
 * validation: those do not know the variables, in which sizes of pages come.
 */
export function limitCost(limit: number): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: async ({ schema, document, operation, request }) => {
          // Without one there is nothing to execute: an operation was named that is not there.
          if (!operation) return;
          const { variables = {} } = request;
          refuseCostly({ schema, document, operation, variables }, limit);
        },
      }),
  };
}
