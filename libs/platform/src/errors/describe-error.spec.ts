import { HttpException, NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { ApiError } from './api-error.js';
import { describeError } from './describe-error.js';
import { OverloadedError } from './overloaded-error.js';

class Rejected extends Error {
  constructor(readonly rejection: unknown) {
    super('rejected');
  }
}

const told = (error: unknown) => {
  const { answer, isFault } = describeError(error);
  return [answer.code, isFault];
};

describe('describeError', () => {
  it('passes on what was thrown as an answer', () => {
    const error = new ApiError('NOT_FOUND', 'There is no such group.', { groupId: 'g' });
    expect(describeError(error)).toEqual({ answer: error, isFault: false });
  });

  it('passes on a rejection of the access rules with its code, message and details', () => {
    const rejection = {
      code: 'LAST_ADMIN',
      message: 'One administrator stays.',
      details: { left: 1 },
    };
    const { answer } = describeError(new Rejected(rejection));
    expect(answer).toMatchObject(rejection);
  });

  it('takes a rejection outside the catalogue for a fault', () => {
    expect(told(new Rejected({ code: 'MADE_UP', message: 'x' }))).toEqual(['INTERNAL_ERROR', true]);
    expect(told(new Rejected(null))).toEqual(['INTERNAL_ERROR', true]);
  });

  it.each([
    ['an error', new Error('password=hunter2')],
    ['a rejection in name only', { rejection: { code: 'LAST_ADMIN', message: 'hunter2' } }],
    ['a text', 'hunter2'],
    ['nothing', undefined],
    ['a framework error of ours', new HttpException('hunter2', 500)],
  ])('masks %s', (_, thrown) => {
    expect(told(thrown)).toEqual(['INTERNAL_ERROR', true]);
    expect(describeError(thrown).answer.message).not.toContain('hunter2');
  });

  it('calls a database that is out of reach unavailable', () => {
    expect(told(Object.assign(new Error(), { code: 'P1001' }))).toEqual(['UNAVAILABLE', true]);
  });

  it('takes it for no fault that there is too much to do', () => {
    expect(told(new OverloadedError())).toEqual(['UNAVAILABLE', false]);
  });

  it("translates the framework's errors", () => {
    expect(told(new NotFoundException('Cannot GET /x'))).toEqual(['NOT_FOUND', false]);
    expect(told(new PayloadTooLargeException())).toEqual(['INVALID_INPUT', false]);
    expect(told(new HttpException('x', 401))).toEqual(['UNAUTHENTICATED', false]);
    expect(told(new HttpException('x', 403))).toEqual(['FORBIDDEN', false]);
    expect(told(new HttpException('x', 503))).toEqual(['UNAVAILABLE', true]);
  });

  it('does not echo without end', () => {
    const { answer } = describeError(new HttpException('x'.repeat(100_000), 400));
    expect(answer.message).toHaveLength(500);
  });
});
