import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Short, and harmless wherever it may be printed. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/** The request's id: the client's own (`X-Request-ID`) when it is sane, a new one otherwise. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}
