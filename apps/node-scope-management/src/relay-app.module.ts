import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule, LoggingModule } from '@bastion/platform';
import { loggingConfig } from './config/logging.config.js';
import { RelayHealth, RelayModule } from './outbox/index.js';

const IDENTITY = { name: 'node-scope-management-relay', version: '0.1.0' };

/** A relay of its own: no API, and no credential but the relay's. */
@Module({})
export class RelayAppModule {
  static forRoot(): DynamicModule {
    return {
      module: RelayAppModule,
      imports: [
        LoggingModule.forRoot({ service: IDENTITY.name, ...loggingConfig() }),
        HealthModule.forRoot({ ...IDENTITY, checks: [RelayHealth], imports: [RelayModule] }),
      ],
    };
  }
}
