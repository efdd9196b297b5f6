import { GraphQLScalarType } from 'graphql';

/** Any JSON value; what takes one says with a schema of its own what it may be. */
export const Json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
});
