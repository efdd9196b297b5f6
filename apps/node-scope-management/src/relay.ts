import { ConfigError, createHttpApp } from '@bastion/platform';
import { amqpConfig } from './config/amqp.config.js';
import { httpConfig } from './config/http.config.js';
import { RelayAppModule } from './relay-app.module.js';

/** Publishes the outbox until the process is told to end; over HTTP it answers probes alone. */
export async function relay(): Promise<void> {
  if (!amqpConfig().url) {
    throw new ConfigError('relay', ['AMQP_URL is missing (a relay has nothing to do without it)']);
  }
  const { host, port } = httpConfig();
  const app = await createHttpApp(RelayAppModule.forRoot());
  await app.listen(port, host);
}
