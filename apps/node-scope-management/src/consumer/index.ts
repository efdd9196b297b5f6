export { AppliedBroker } from './applied-broker.js';
export { AppliedQuery } from './applied.query.js';
export { ConsumerModule } from './consumer.module.js';
export { forgetConsumer } from './consumer-position.store.js';
export { ConsumerPositionsQuery } from './consumer-positions.query.js';
export { NoteAppliedCommand } from './note-applied.command.js';
