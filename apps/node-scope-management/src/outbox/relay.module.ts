import { Module } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { amqpConfig } from '../config/amqp.config.js';
import { outboxConfig } from '../config/outbox.config.js';
import { RelayDatabase } from '../database/relay-database.js';
import { RelayDatabaseModule } from '../database/relay-database.module.js';
import { OutboxPublisher } from './outbox-publisher.js';
import { OutboxSignal } from './outbox-signal.js';
import { OutboxRetention } from './outbox-retention.js';
import { OutboxSignalModule } from './outbox-signal.module.js';
import { OutboxRelay } from './outbox.relay.js';
import { RelayHealth } from './relay.health.js';

@Module({
  imports: [RelayDatabaseModule, OutboxSignalModule],
  providers: [
    {
      provide: OutboxRelay,
      inject: [RelayDatabase, OutboxSignal, PinoLogger],
      useFactory: (database: RelayDatabase, signal: OutboxSignal, logger: PinoLogger) => {
        const { url, namespace } = amqpConfig();
        if (!url) {
          logger.warn('AMQP_URL is not set: nothing is published, consumers pull every change');
          return null;
        }
        logger.setContext(OutboxRelay.name);
        const publisher = new OutboxPublisher({ url, namespace }, logger);
        return new OutboxRelay(database, publisher, signal, logger);
      },
    },
    {
      provide: OutboxRetention,
      inject: [OutboxRelay, RelayDatabase, PinoLogger],
      useFactory: (relay: OutboxRelay | null, database: RelayDatabase, logger: PinoLogger) => {
        // Nothing is ever sent without a relay, so nothing would ever go.
        if (!relay) return null;
        return new OutboxRetention(relay, database, outboxConfig().retentionHours, logger);
      },
    },
    RelayHealth,
  ],
  exports: [RelayHealth],
})
export class RelayModule {}
