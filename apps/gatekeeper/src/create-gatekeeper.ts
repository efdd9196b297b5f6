import { createHttpApp, RequestAuthenticator } from '@bastion/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Admission, admitRequests } from './admission/index.js';
import { AppModule } from './app.module.js';
import { AuthzenController, serveAuthzen } from './check/index.js';
import type { GatekeeperConfig } from './config/gatekeeper.config.js';
import { Broker } from './projection/index.js';
import { renderError } from './render-error.js';

/** The service, consuming its queues as soon as there is a broker, and ready to `listen`. */
export async function createGatekeeper(config: GatekeeperConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(AppModule.forRoot(config), {
    renderError,
    drainMs: config.http.drainMs,
  });
  const server = app.getHttpAdapter().getInstance();
  const authenticator = app.get(RequestAuthenticator);
  admitRequests(server, authenticator, app.get(Admission));
  serveAuthzen(server, authenticator, app.get(AuthzenController));
  for (const strategy of app.get(Broker).servers) app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  return app;
}
