export { AmqpConnection, type AmqpConnectionOptions, type AmqpStatus } from './amqp-connection.js';
export { amqpEnvironment } from './amqp-environment.js';
export { AmqpContext } from './amqp-context.js';
export type { AmqpLogger } from './amqp-logger.js';
export {
  AmqpServer,
  type AmqpServerEvents,
  type AmqpServerOptions,
  type AmqpServerStatus,
} from './amqp.server.js';
export {
  BrokerUnavailableError,
  ConfirmedPublisher,
  type ConfirmedPublisherOptions,
  type PublishOutcome,
} from './confirmed-publisher.js';
export { backoffMs } from './backoff.js';
export type { DeadLetter } from './dead-letter.js';
export {
  type DeadLetterList,
  DeadLetters,
  type DeadLettersRequest,
  type ListedDeadLetter,
  type Redriven,
} from './dead-letters.js';
export { declareTopology } from './declare-topology.js';
export { accessChangedMessage, type OutgoingMessage } from './outgoing-message.js';
export { PoisonMessageError } from './poison-message.error.js';
export type { ConsumedQueue } from './queue-subscription.js';
