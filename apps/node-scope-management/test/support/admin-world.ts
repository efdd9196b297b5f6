import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AdminModule } from '../../src/admin/admin.module.js';
import { AdminServices } from '../../src/admin/admin-services.js';
import { TestService } from './test-service.js';
import { WitnessDouble } from './witness-double.js';

/** A running owner, what the operator's command runs on, and a double of gatekeeper that it asks. */
export class AdminWorld {
  private constructor(
    readonly service: TestService,
    readonly gatekeeper: WitnessDouble,
    private readonly context: INestApplicationContext,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<AdminWorld> {
    const service = await TestService.start(environment);
    const gatekeeper = await WitnessDouble.start(service);
    Object.assign(process.env, {
      GATEKEEPER_URLS: gatekeeper.url,
      SYNC_CLIENT_ID: 'operator-client',
      SYNC_CLIENT_SECRET: 'secret',
    });
    const context = await NestFactory.createApplicationContext(AdminModule.forRoot(), {
      logger: false,
      abortOnError: false,
    });
    return new AdminWorld(service, gatekeeper, context);
  }

  get admin(): AdminServices {
    return this.context.get(AdminServices);
  }

  async stop(): Promise<void> {
    await this.context.close();
    await this.gatekeeper.stop();
    await this.service.stop();
  }
}
