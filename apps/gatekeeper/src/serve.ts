import { gatekeeperConfig } from './config/gatekeeper.config.js';
import { createGatekeeper } from './create-gatekeeper.js';

/** Decides, and follows the owner, until the process is told to end. */
export async function serve(): Promise<void> {
  const config = gatekeeperConfig();
  const app = await createGatekeeper(config);
  await app.listen(config.http.port, config.http.host);
}
