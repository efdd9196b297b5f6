import { GraphQLError } from 'graphql';
import { runInRequest } from '../http/request-context.js';
import { ApiError } from './api-error.js';
import { graphqlErrorFormatter } from './graphql-error-formatter.js';

const logged: unknown[] = [];
const format = graphqlErrorFormatter({ error: (...entry: unknown[]) => logged.push(entry[0]) });

/** As graphql-js and Apollo hand over an error that a resolver threw. */
function formatThrown(thrown: Error) {
  const wrapped = new GraphQLError(thrown.message, { originalError: thrown, path: ['group'] });
  return format({ ...wrapped.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR' } }, wrapped);
}

beforeEach(() => logged.splice(0));

describe('graphqlErrorFormatter', () => {
  it('renders a catalogued error with code, details, path and request id', () => {
    runInRequest({ requestId: 'r-1', identity: {} }, () => {
      expect(
        formatThrown(new ApiError('NOT_FOUND', 'There is no such group.', { id: 'g' })),
      ).toEqual({
        message: 'There is no such group.',
        path: ['group'],
        extensions: { code: 'NOT_FOUND', details: { id: 'g' }, requestId: 'r-1' },
      });
    });
    expect(logged).toEqual([]);
  });

  it('masks any other error and logs it', () => {
    const fault = new Error('SELECT hunter2');
    const formatted = formatThrown(fault);
    expect(formatted.extensions?.code).toBe('INTERNAL_ERROR');
    expect(JSON.stringify(formatted)).not.toContain('hunter2');
    expect(logged).toEqual([{ err: fault, path: ['group'] }]);
  });

  it('masks what the server itself got wrong about its schema', () => {
    const wrong = new GraphQLError('Cannot return null for non-nullable field Group.secret.');
    const formatted = format(
      { message: wrong.message, extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      wrong,
    );
    expect(formatted.extensions?.code).toBe('INTERNAL_ERROR');
    expect(formatted.message).not.toContain('Group.secret');
    expect(logged).toEqual([{ err: wrong }]);
  });

  it.each(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST'])(
    'keeps the message of %s as invalid input',
    (code) => {
      const error = new GraphQLError('Unknown argument "nmae".', { extensions: { code } });
      const formatted = format({ message: error.message, extensions: { code } }, error);
      expect(formatted).toMatchObject({
        message: 'Unknown argument "nmae".',
        extensions: { code: 'INVALID_INPUT' },
      });
      expect(logged).toEqual([]);
    },
  );
});
