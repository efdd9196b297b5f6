import type { LoggerOptions } from 'pino';
import { stdTimeFunctions } from 'pino';
import { z } from 'zod';
import { currentRequest } from '../http/request-context.js';
import { serializeError } from './serialize-error.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The environment variables of logging, alike in every app. */
export const loggingEnvironment = z
  .object({ LOG_LEVEL: z.enum(LEVELS).default('info').describe(LEVELS.join(', ')) })
  .transform((env) => ({ level: env.LOG_LEVEL }));

export interface LoggingOptions {
  /** Which app is speaking, in every line. */
  readonly service: string;
  readonly level: (typeof LEVELS)[number];
}

/** Never logged on purpose; censored should an object that holds one be logged all the same. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'connectionString',
];

/** JSON lines with request, tenant and subject; no bodies, no headers, no query strings. */
export function loggerOptions({ service, level }: LoggingOptions): LoggerOptions {
  return {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
    redact: { paths: SECRET_KEYS.flatMap(pathsTo), censor: '[redacted]' },
    mixin: () => {
      const request = currentRequest();
      return request === undefined ? {} : { requestId: request.requestId, ...request.identity };
    },
  };
}

/** The key itself and two levels deeper: pino's redaction has no "anywhere". */
function pathsTo(key: string): string[] {
  return [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`];
}
