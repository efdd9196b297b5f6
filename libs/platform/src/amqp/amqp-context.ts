import { BaseRpcContext } from '@nestjs/microservices';
import type { ConsumeMessage } from 'amqplib';

/** What a handler can know of its message beside the body: `@Ctx() context: AmqpContext`. */
export class AmqpContext extends BaseRpcContext<[ConsumeMessage]> {
  constructor(message: ConsumeMessage) {
    super([message]);
  }

  /** Name and version of what the body is; empty when the publisher did not say. */
  get type(): string {
    return text(this.args[0].properties.type);
  }

  /** The publisher's id of the message, the same on every delivery. */
  get messageId(): string {
    return text(this.args[0].properties.messageId);
  }

  /** Whether it may have been delivered before, to this consumer or another. */
  get redelivered(): boolean {
    return this.args[0].fields.redelivered;
  }

  /** How often a quorum queue delivered it before; 0 on queues that do not count. */
  get deliveryCount(): number {
    const count: unknown = this.headers['x-delivery-count'];
    return typeof count === 'number' ? count : 0;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.args[0].properties.headers ?? {};
  }

  /** W3C Trace Context of the request that caused the message, if it says. */
  get traceparent(): string | undefined {
    return text(this.headers['traceparent']) || undefined;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
