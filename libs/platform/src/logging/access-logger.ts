import { pino, type DestinationStream } from 'pino';
import type { LoggingOptions } from './logger-options.js';

/** Injection token of the {@link AccessLogger}. */
export const ACCESS_LOGGER = Symbol('ACCESS_LOGGER');

/** What the line of an answered request says. */
export interface AccessEntry {
  readonly requestId: string;
  readonly tenantId?: string | undefined;
  readonly subject?: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

export type AccessLogger = (entry: AccessEntry) => void;

/** Until a line is written at the latest, ms; at the end of the process it is, but not when it is killed. */
const FLUSH_EVERY_MS = 100;
const BUFFER_BYTES = 4_096;

/**
 * Writes the lines of requests, in the form of all others but by a shorter way, as there are so many:
 * without a search for secrets, since no field may hold one, and several at a time.
 *
 * @param destination standard output by default
 */
export function accessLogger(
  { service, level }: LoggingOptions,
  destination?: DestinationStream,
): AccessLogger {
  const { values } = pino.levels;
  if (level === 'silent' || values[level]! > values.info!) return () => undefined;
  const output = destination ?? bufferedOutput();
  return ({ requestId, tenantId, subject, method, path, status, durationMs }) => {
    const line = {
      level: 'info',
      time: new Date().toISOString(),
      service,
      requestId,
      tenantId,
      subject,
      method,
      path,
      status,
      durationMs,
      msg: 'Request answered',
    };
    output.write(`${JSON.stringify(line)}\n`);
  };
}

function bufferedOutput(): DestinationStream {
  // By the main thread, as all other lines are: two writers could end up within each other's lines.
  const sync = true;
  const output = pino.destination({
    ...{ dest: 1, sync, minLength: BUFFER_BYTES, periodicFlush: FLUSH_EVERY_MS },
  });
  process.once('exit', () => output.flushSync());
  return output;
}
