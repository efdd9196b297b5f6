import { breakingChanges, brokenSchemas, lastReleaseOf } from '../check/schema-changes.js';

const before = `
  type Query { user(id: ID!, first: Int = 50): User, users: [User!]! }
  type User { id: ID!, name: String!, status: Status! }
  enum Status { ACTIVE, SUSPENDED }
  input UserInput { name: String! }
  type Mutation { createUser(input: UserInput!): User! }
`;

describe('what breaks clients of a schema', () => {
  it.each([
    ['a field that is gone', ', name: String!', '', 'User.name was removed.'],
    [
      'a field that may be null by now',
      'name: String!, status',
      'name: String, status',
      'User.name changed type from String! to String.',
    ],
    ['a value that is gone', ', SUSPENDED', '', 'SUSPENDED was removed from enum type Status.'],
    ['a type that is gone', 'type Mutation', 'type Write', 'Mutation was removed.'],
    ['an argument that is gone', ', first: Int = 50', '', 'Query.user arg first was removed.'],
    [
      'another type of a field',
      'users: [User!]!',
      'users: User',
      'Query.users changed type from [User!]! to User.',
    ],
    [
      'an input field that is asked for',
      'input UserInput {',
      'input UserInput { email: String!,',
      'A required field email on input type UserInput was added.',
    ],
  ])('is %s', (_what, from, to, expected) => {
    expect(breakingChanges(before, before.replace(from, to))).toContain(expected);
  });

  it('is not what was added', () => {
    const after = before
      .replace('type Query {', 'type Query { groups: [User!]!, ')
      .replace('id: ID!, first', 'id: ID!, deep: Boolean, first')
      .replace('input UserInput {', 'input UserInput { email: String, ');
    expect(breakingChanges(before, after)).toEqual([]);
  });
});

describe('the schemas of today', () => {
  it('break no client of the last release', () => {
    expect(brokenSchemas()).toEqual([]);
  });

  it('are held to the last release by its number', () => {
    expect(lastReleaseOf(['0.9', '0.10', '0.2'])).toBe('0.10');
  });
});
