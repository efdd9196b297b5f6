import type { ProjectionLogger } from '../../src/projection/projection-logger.js';

/** For machines under test, whose log nobody reads. */
export const silentLogger: ProjectionLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
