/** Where projector and replica say what happens to them; a pino logger fits. */
export interface ProjectionLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
