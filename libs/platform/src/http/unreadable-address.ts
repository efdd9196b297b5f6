import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpErrorBody, RenderHttpError } from '../errors/http-error.filter.js';

/**
 * Answers what the router refuses before any hook, guard or filter can run: addresses it cannot
 * decode, path parameters that are too long.
 */
export function answerUnreadableAddress(render?: RenderHttpError) {
  return (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    const body: HttpErrorBody = {
      code: 'INVALID_INPUT',
      message: 'The address cannot be read.',
      requestId: request.id,
    };
    void reply
      .status(400)
      .headers({ 'x-request-id': request.id, 'cache-control': 'no-store' })
      .send(render?.(body, request) ?? body);
  };
}
