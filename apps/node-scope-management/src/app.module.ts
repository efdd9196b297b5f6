import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, HealthModule, LoggingModule } from '@bastion/platform';
import { ApiModule } from './api.module.js';
import { authConfig } from './config/auth.config.js';
import { httpConfig } from './config/http.config.js';
import { loggingConfig } from './config/logging.config.js';
import { serviceAccountTokensConfig } from './config/service-account-tokens.config.js';
import { ConsumerModule } from './consumer/index.js';
import { DatabaseHealth } from './database/database.health.js';
import { DatabaseModule } from './database/database.module.js';
import { OauthModule } from './oauth/index.js';
import { OutboxModule, RelayModule } from './outbox/index.js';

const IDENTITY = { name: 'node-scope-management', version: '0.1.0' };

/** Everything that a serving process does. */
@Module({})
export class AppModule {
  static forRoot(): DynamicModule {
    const tokens = serviceAccountTokensConfig();
    const auth = authConfig(tokens);
    return {
      module: AppModule,
      imports: [
        LoggingModule.forRoot({ service: IDENTITY.name, ...loggingConfig() }),
        AuthModule.forRoot(auth),
        HealthModule.forRoot({ ...IDENTITY, checks: [DatabaseHealth], imports: [DatabaseModule] }),
        ApiModule.forRoot(httpConfig()),
        ConsumerModule,
        OutboxModule,
        ...(tokens ? [OauthModule.forRoot({ ...auth, ...tokens })] : []),
        RelayModule,
      ],
    };
  }
}
