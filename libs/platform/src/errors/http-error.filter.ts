import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ErrorCode } from '@bastion/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import type { ErrorDetails } from './api-error.js';
import { describeError } from './describe-error.js';
import { httpStatusOf } from './http-status.js';

/** When to try again, as told with 503 (RFC 9110, section 10.2.3). */
const RETRY_AFTER_SECONDS = 1;

/** The body of every error answered over HTTP. */
export interface HttpErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
  readonly requestId: string;
}

/** For routes whose standard prescribes another body; undefined: the usual one. */
export type RenderHttpError = (body: HttpErrorBody, request: FastifyRequest) => unknown;

/** Answers whatever was thrown on the way to, in or after a route, with status and body. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Pick<PinoLogger, 'error'>,
    private readonly render?: RenderHttpError,
  ) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // GraphQL answers carry errors of their own form; a returned error goes on to be formatted.
    if (host.getType<'http' | 'graphql'>() === 'graphql') return error;

    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { answer, isFault } = describeError(error);
    if (isFault) this.logger.error({ err: error }, 'HTTP request failed');

    const { code, message, details } = answer;
    const body: HttpErrorBody = {
      code,
      message,
      ...(details && { details }),
      requestId: request.id,
    };
    if (code === 'UNAUTHENTICATED' && !reply.hasHeader('www-authenticate')) {
      void reply.header('www-authenticate', 'Bearer');
    }
    if (code === 'UNAVAILABLE') void reply.header('retry-after', RETRY_AFTER_SECONDS);
    return reply.status(statusOf(error, code)).send(this.render?.(body, request) ?? body);
  }
}

/** An oversize body is invalid input like any other, and a client can do more with 413 than with 400. */
function statusOf(error: unknown, code: ErrorCode): number {
  const isOversize = error instanceof HttpException && error.getStatus() === 413;
  return isOversize ? 413 : httpStatusOf(code);
}
