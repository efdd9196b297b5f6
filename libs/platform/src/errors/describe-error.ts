import { HttpException } from '@nestjs/common';
import { ERROR_CODES, type ErrorCode } from '@bastion/contracts';
import { isDatabaseOutage } from '../tenancy/database-outage.js';
import { ApiError, type ErrorDetails } from './api-error.js';
import { OverloadedError } from './overloaded-error.js';

const MAX_MESSAGE_LENGTH = 500;

/** How an error is answered, whatever the wire format. */
export interface ErrorDescription {
  /** What the client may know. */
  readonly answer: ApiError;
  /** Whether it is ours to look into: such errors are logged with their stack. */
  readonly isFault: boolean;
}

/** Turns anything that was thrown into one of the catalogued errors. */
export function describeError(error: unknown): ErrorDescription {
  const answer = answerTo(error);
  const isServers = answer.code === 'INTERNAL_ERROR' || answer.code === 'UNAVAILABLE';
  return { answer, isFault: isServers && !(error instanceof OverloadedError) };
}

/** INVALID_INPUT for what a framework says about a request; cut, as it may repeat the request. */
export function invalidRequest(message: string): ApiError {
  return new ApiError('INVALID_INPUT', message.slice(0, MAX_MESSAGE_LENGTH));
}

function answerTo(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isRejection(error)) {
    const { code, message, details } = error.rejection;
    return new ApiError(code, message, details);
  }
  if (error instanceof HttpException) return answerToHttpException(error);
  if (isDatabaseOutage(error)) return unavailable();
  return internalError();
}

/** The framework's own: unknown routes, unreadable bodies, refusals of guards. */
function answerToHttpException(exception: HttpException): ApiError {
  const status = exception.getStatus();
  if (status === 401) return new ApiError('UNAUTHENTICATED', 'Authentication is required.');
  if (status === 403) return new ApiError('FORBIDDEN', 'This is not allowed.');
  if (status === 404) return new ApiError('NOT_FOUND', 'There is nothing at this address.');
  if (status === 503) return unavailable();
  return status < 500 ? invalidRequest(exception.message) : internalError();
}

function unavailable(): ApiError {
  return new ApiError('UNAVAILABLE', 'This cannot be done at the moment. Try again shortly.');
}

function internalError(): ApiError {
  return new ApiError(
    'INTERNAL_ERROR',
    'Something went wrong. Quote the request id when reporting it.',
  );
}

/** The rejections of `libs/access`, known by their shape: the rules do not know about edges. */
function isRejection(
  error: unknown,
): error is { rejection: { code: ErrorCode; message: string; details?: ErrorDetails } } {
  if (!(error instanceof Error) || !('rejection' in error)) return false;
  const { rejection } = error;
  return (
    typeof rejection === 'object' &&
    rejection !== null &&
    'code' in rejection &&
    ERROR_CODES.some((code) => code === rejection.code) &&
    'message' in rejection &&
    typeof rejection.message === 'string'
  );
}
