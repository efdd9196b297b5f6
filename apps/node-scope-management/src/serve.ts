import { httpConfig } from './config/http.config.js';
import { createNodeScopeManagement } from './create-node-scope-management.js';

/** Serves the API until the process is told to end. */
export async function serve(): Promise<void> {
  const { host, port, drainMs } = httpConfig();
  const app = await createNodeScopeManagement(drainMs);
  await app.listen(port, host);
}
