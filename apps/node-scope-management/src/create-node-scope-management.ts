import { createHttpApp } from '@bastion/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { AppliedBroker } from './consumer/index.js';
import { acceptForms, renderOauthError } from './oauth/index.js';

/**
 * The service, hearing what consumers have applied as soon as there is a broker; ready to `listen`.
 * @param drainMs for how long it serves on, no longer ready, once it is told to end
 */
export async function createNodeScopeManagement(drainMs = 0): Promise<NestFastifyApplication> {
  const app = await createHttpApp(AppModule.forRoot(), { drainMs, renderError: renderOauthError });
  acceptForms(app.getHttpAdapter().getInstance());
  const broker = app.get(AppliedBroker);
  for (const strategy of broker.servers) app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  broker.open();
  return app;
}
