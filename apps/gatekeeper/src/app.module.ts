import { randomUUID } from 'node:crypto';
import {
  AuthModule,
  Clock,
  ConsistencyTokens,
  GraphqlApiModule,
  HealthModule,
  LoggingModule,
} from '@bastion/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { AdmissionModule, WaitingRoom } from './admission/index.js';
import { CheckModule } from './check/index.js';
import type { GatekeeperConfig } from './config/gatekeeper.config.js';
import { DatabaseModule } from './database/database.module.js';
import { Databases } from './database/databases.js';
import { OperationsModule } from './operations/index.js';
import { OwnerModule } from './owner/index.js';
import { ProjectionModule, ReplicaHealth } from './projection/index.js';
import { ReviewModule } from './review/index.js';
import { WatchModule } from './watch/index.js';

const SERVICE = 'gatekeeper';
const VERSION = '0.1.0';

@Module({})
export class AppModule {
  static forRoot(config: GatekeeperConfig): DynamicModule {
    const { sync, amqp, http, overload } = config;
    const database = DatabaseModule.forRoot(config.database);
    const replicaId = randomUUID();
    const clock = new Clock(config.clock.uncertaintyMs);
    const owner = OwnerModule.forRoot(sync, config.auth.issuers[0].issuer, replicaId);
    const imports = [database, owner] as const;
    const waiting = new WaitingRoom(overload.maxWaiting);
    const projection = ProjectionModule.forRoot({
      ...{ sync, amqp, replicaId, clock, waiting, imports },
    });
    const admission = AdmissionModule.forRoot(overload);
    const tokens = new ConsistencyTokens(config.tokens.keys);
    const decisions = { clock, tokens, projection };
    const check = CheckModule.forRoot({ publicUrl: http.publicUrl, admission, ...decisions });
    return {
      module: AppModule,
      imports: [
        LoggingModule.forRoot({ service: SERVICE, level: config.log.level }),
        AuthModule.forRoot(config.auth),
        HealthModule.forRoot({
          name: SERVICE,
          version: VERSION,
          checks: [Databases, ReplicaHealth],
          imports: [database, projection],
        }),
        GraphqlApiModule.forRoot(http),
        projection,
        check,
        WatchModule.forRoot({ clock, tokens, imports: [check, projection, admission] }),
        ReviewModule.forRoot(decisions),
        OperationsModule.forRoot({ replicaId, imports: [projection, database] }),
      ],
    };
  }
}
