import { GraphQLScalarType } from 'graphql';

/** Any JSON value; whoever takes one looks at it. */
export const Json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
});
