import { ACCESS_CHANGED_V1, type AccessChangedV1 } from '@bastion/contracts';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import {
  AmqpServer,
  type AmqpConnection,
  type AmqpContext,
  type AmqpServerOptions,
} from '../src/amqp/index.js';
import { silentLogger } from './amqp-harness.js';

export const PROJECTION = Symbol('projection');
export const REPLICA = Symbol('replica');

export type Handle = (body: AccessChangedV1, context: AmqpContext) => Promise<void>;

@Controller()
class ProjectionListener {
  constructor(@Inject(PROJECTION) private readonly handle: Handle) {}

  @EventPattern<string>(ACCESS_CHANGED_V1, PROJECTION)
  onChange(@Payload() body: AccessChangedV1, @Ctx() context: AmqpContext): Promise<void> {
    return this.handle(body, context);
  }
}

@Controller()
class ReplicaListener {
  constructor(@Inject(REPLICA) private readonly handle: Handle) {}

  @EventPattern<string>(ACCESS_CHANGED_V1, REPLICA)
  onChange(@Payload() body: AccessChangedV1, @Ctx() context: AmqpContext): Promise<void> {
    return this.handle(body, context);
  }
}

/** A Nest application listening with `server`; both kinds of listeners are in it. */
export async function startListener(
  connection: AmqpConnection,
  options: Pick<AmqpServerOptions, 'transportId' | 'queue'> & { prefetch?: number },
  handlers: { projection?: Handle; replica?: Handle },
  onSubscribed?: () => void,
): Promise<{ server: AmqpServer; close: () => Promise<void> }> {
  const unexpected: Handle = () => Promise.reject(new Error('this queue has another handler'));
  const module = await Test.createTestingModule({
    controllers: [ProjectionListener, ReplicaListener],
    providers: [
      { provide: PROJECTION, useValue: handlers.projection ?? unexpected },
      { provide: REPLICA, useValue: handlers.replica ?? unexpected },
    ],
  }).compile();
  const server = new AmqpServer(connection, { prefetch: 500, logger: silentLogger, ...options });
  if (onSubscribed) server.on('subscribed', onSubscribed);
  const app = module.createNestMicroservice({ strategy: server });
  // Nest logs every error a handler throws, and these tests throw many.
  app.useLogger(false);
  await app.listen();
  return { server, close: () => app.close() };
}
