import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
} from '@nestjs/common';
import { HEALTH_CHECKS, type HealthCheck } from './health-check.js';
import { APP_IDENTITY, HealthController, type AppIdentity } from './health.controller.js';
import { Readiness } from './readiness.js';

export interface HealthOptions extends AppIdentity {
  /** What must work for the app to be ready. */
  readonly checks: readonly InjectionToken<HealthCheck>[];
  /** The modules that export these checks. */
  readonly imports?: ModuleMetadata['imports'];
}

/** `/probe`, `/health/live` and `/health/ready`, for anyone to call. */
@Module({})
export class HealthModule {
  static forRoot({ name, version, checks, imports = [] }: HealthOptions): DynamicModule {
    return {
      module: HealthModule,
      imports,
      controllers: [HealthController],
      providers: [
        { provide: APP_IDENTITY, useValue: { name, version } },
        {
          provide: HEALTH_CHECKS,
          inject: [...checks],
          useFactory: (...resolved: HealthCheck[]) => resolved,
        },
        Readiness,
      ],
    };
  }
}
