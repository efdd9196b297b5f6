import { serializeError } from './serialize-error.js';

describe('serializeError', () => {
  it('tells name, message, code, stack and causes', () => {
    const cause = Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' });
    expect(serializeError(new Error('Cannot reach it', { cause }))).toEqual({
      type: 'Error',
      message: 'Cannot reach it',
      stack: expect.stringContaining('serialize-error.spec'),
      cause: {
        type: 'TypeError',
        message: 'fetch failed',
        code: 'ECONNREFUSED',
        stack: expect.any(String),
      },
    });
  });

  it('leaves out what libraries hang on their errors', () => {
    const error = Object.assign(new Error('duplicate key'), {
      detail: 'Key (email)=(ada@example.com) already exists.',
      config: { password: 'hunter2' },
    });
    expect(JSON.stringify(serializeError(error))).not.toMatch(/ada@example|hunter2/);
  });

  it('takes passwords out of addresses, in the stack too', () => {
    const error = new Error('Cannot connect to amqp://bastion:hunter2@127.0.0.1:5672/vhost');
    expect(JSON.stringify(serializeError(error))).not.toContain('hunter2');
    expect(serializeError(error).message).toBe(
      'Cannot connect to amqp://[redacted]@127.0.0.1:5672/vhost',
    );
  });

  it('ends with causes that go round in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(serializeError(error)).match(/"message":"round"/g)).toHaveLength(6);
  });

  it('does not print what is no error', () => {
    expect(serializeError({ password: 'hunter2' })).toEqual({
      type: 'object',
      message: 'Not an Error was thrown',
    });
  });
});
