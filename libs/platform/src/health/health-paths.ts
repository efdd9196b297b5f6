/** Asked every few seconds by machines: their answers are not worth a line in the log. */
export const HEALTH_PATHS: ReadonlySet<string> = new Set([
  '/probe',
  '/health/live',
  '/health/ready',
]);
