import type { IncomingMessage } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger, PinoLogger } from 'nestjs-pino';
import { HttpErrorFilter, type RenderHttpError } from '../errors/http-error.filter.js';
import { ACCESS_LOGGER, type AccessLogger } from '../logging/access-logger.js';
import { logRequests } from './access-log.js';
import { DrainingAdapter } from './draining-adapter.js';
import { requestIdOf } from './request-id.js';
import { trackRequests } from './track-requests.js';
import { answerUnreadableAddress } from './unreadable-address.js';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** How long a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpAppOptions {
  /** Error bodies other than the usual, for routes whose standard prescribes them. */
  readonly renderError?: RenderHttpError;
  /** For how long it serves on, no longer ready, once it is told to end; 0 by default. */
  readonly drainMs?: number;
}

/**
 * An app on Fastify, ready to `listen`: request ids, access log, error answers, security headers,
 * JSON bodies of at most 1 MiB and nothing else, graceful end on SIGTERM and SIGINT: not ready any
 * more, then no more connections, then no more requests, and then everything else.
 *
 * @param root imports LoggingModule and AuthModule
 * @throws whatever a module's start throws, for `main.ts` to print
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  { renderError, drainMs = 0 }: HttpAppOptions = {},
): Promise<NestFastifyApplication> {
  const options = {
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: false,
    logger: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers),
    frameworkErrors: answerUnreadableAddress(renderError),
  };
  const adapter = new DrainingAdapter(options, drainMs);
  const server = adapter.getInstance();
  trackRequests(server);
  server.removeContentTypeParser('text/plain');

  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false, // Fastify's own reads JSON; Nest's would add form bodies
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  const logger = await app.resolve<PinoLogger>(PinoLogger);
  logRequests(server, app.get<AccessLogger>(ACCESS_LOGGER));
  app.useGlobalFilters(new HttpErrorFilter(logger, renderError));
  app.enableShutdownHooks();
  return app;
}
