export * from './access-changed.v1.js';
export * from './access-facts.v1.js';
export * from './amqp-topology.js';
export * from './error-codes.js';
export * from './sync-api.v1.js';
