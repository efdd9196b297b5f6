import { createHttpApp } from '@bastion/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { renderAuthzenError } from './check/index.js';
import type { GatekeeperConfig } from './config/gatekeeper.config.js';
import { Broker } from './projection/index.js';

/** The service, consuming its queues as soon as there is a broker, and ready to `listen`. */
export async function createGatekeeper(config: GatekeeperConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(AppModule.forRoot(config), {
    renderError: renderAuthzenError,
    drainMs: config.http.drainMs,
  });
  for (const strategy of app.get(Broker).servers) app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  return app;
}
