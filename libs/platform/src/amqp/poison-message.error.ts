import { RpcException } from '@nestjs/microservices';

/**
 * Thrown by a handler for a message that can never be handled, however often it is tried: it is
 * dead-lettered at once. Every other error is taken for a passing one.
 */
export class PoisonMessageError extends RpcException {
  override readonly name = 'PoisonMessageError';

  constructor(reason: string, cause?: unknown) {
    super(reason);
    this.cause = cause;
  }

  /** Nest replaces an error by what this returns on its way from handler to transport. */
  override getError(): this {
    return this;
  }
}
