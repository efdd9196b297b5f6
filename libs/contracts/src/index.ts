export * from './access-applied.v1.js';
export * from './access-changed.v1.js';
export * from './access-facts.v1.js';
export * from './amqp-topology.js';
export * from './digests.v1.js';
export * from './error-codes.js';
export * from './message-catalogue.js';
export * from './sync-api.v1.js';
