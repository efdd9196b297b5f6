import { createHttpApp } from '@bastion/platform';
import { AppModule } from './app.module.js';
import { httpConfig } from './config/http.config.js';

/** Serves the API until the process is told to end. */
export async function serve(): Promise<void> {
  const { host, port } = httpConfig();
  const app = await createHttpApp(AppModule.forRoot());
  await app.listen(port, host);
}
