import type { FastifyInstance } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import { HEALTH_PATHS } from '../health/health-paths.js';

const MAX_PATH_LENGTH = 200;

/**
 * One line per answered request: method, path, status, milliseconds. No query string and no header,
 * since either may hold what must not be kept.
 */
export function logRequests(server: FastifyInstance, logger: Pick<PinoLogger, 'info'>): void {
  server.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (!HEALTH_PATHS.has(path)) {
      const entry = {
        method: request.method,
        path: path.slice(0, MAX_PATH_LENGTH),
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      };
      logger.info(entry, 'Request answered');
    }
    done();
  });
}
