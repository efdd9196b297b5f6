import { GraphQLISODateTime } from '@nestjs/graphql';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** RFC 3339, section 5.6. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * The framework's `DateTime`, but strict about what comes in: that one takes whatever JavaScript can
 * make a date of, `true` among it, and in the text of a query any literal but a string for null.
 */
export const DateTime = new GraphQLScalarType<Date, unknown>({
  ...GraphQLISODateTime.toConfig(),
  parseValue: (value) => parse(value),
  // INVARIANT: never null, which for the end of a validity would mean: without end.
  parseLiteral: (literal) => parse(literal.kind === Kind.STRING ? literal.value : undefined),
});

function parse(value: unknown): Date {
  const date = typeof value === 'string' && DATE_TIME.test(value) ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime())) {
    throw new GraphQLError('Expected a date and time such as 2019-12-03T09:54:33Z.');
  }
  return date;
}
