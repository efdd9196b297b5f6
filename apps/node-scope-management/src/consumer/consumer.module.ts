import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ConsistencyTokens } from '@bastion/platform';
import { PinoLogger } from 'nestjs-pino';
import { amqpConfig } from '../config/amqp.config.js';
import { consistencyTokensConfig } from '../config/consistency-tokens.config.js';
import { DatabaseModule } from '../database/database.module.js';
import { AppliedBroker } from './applied-broker.js';
import { AppliedListener } from './applied.listener.js';
import { AppliedPositions } from './applied-positions.js';
import { AppliedQuery } from './applied.query.js';
import { AwaitAppliedInterceptor } from './await-applied.interceptor.js';
import { ConsumerPositionsQuery } from './consumer-positions.query.js';
import { NoteAppliedCommand } from './note-applied.command.js';

/** How far the consumers of what is published are, and waiting for them. */
@Module({
  imports: [DatabaseModule],
  controllers: [AppliedListener],
  providers: [
    {
      provide: AppliedBroker,
      inject: [PinoLogger],
      useFactory: (logger: PinoLogger) => new AppliedBroker(amqpConfig(), logger),
    },
    {
      provide: ConsistencyTokens,
      useFactory: () => new ConsistencyTokens(consistencyTokensConfig().keys),
    },
    AppliedPositions,
    AppliedQuery,
    ConsumerPositionsQuery,
    NoteAppliedCommand,
    { provide: APP_INTERCEPTOR, useClass: AwaitAppliedInterceptor },
  ],
  exports: [AppliedBroker, ConsumerPositionsQuery, NoteAppliedCommand],
})
export class ConsumerModule {}
