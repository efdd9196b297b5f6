import type { FastifyInstance } from 'fastify';
import { HEALTH_PATHS } from '../health/health-paths.js';
import type { AccessLogger } from '../logging/access-logger.js';
import { contextOf } from './track-requests.js';

const MAX_PATH_LENGTH = 200;

/**
 * One line per answered request: method, path, status, milliseconds. No query string and no header,
 * since either may hold what must not be kept.
 */
export function logRequests(server: FastifyInstance, log: AccessLogger): void {
  server.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (!HEALTH_PATHS.has(path)) {
      const identity = contextOf(request)?.identity;
      log({
        requestId: request.id,
        tenantId: identity?.tenantId,
        subject: identity?.subject,
        method: request.method,
        path: path.slice(0, MAX_PATH_LENGTH),
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      });
    }
    done();
  });
}
