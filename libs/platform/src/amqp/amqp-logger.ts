/** What the AMQP parts say goes here; a pino logger fits. */
export interface AmqpLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
