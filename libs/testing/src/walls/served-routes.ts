import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

/** Where Fastify announces every instance it makes, before anything can be routed in it. */
const INITIALIZATION = 'fastify.initialization';

/**
 * Runs `start` and answers what it answers, with every route that any HTTP server got meanwhile, such
 * as `GET /probe`. What Fastify adds by itself, a HEAD beside each GET, counts as the GET.
 */
export async function routesServedBy<Started>(
  start: () => Promise<Started>,
): Promise<{ started: Started; routes: string[] }> {
  const routes = new Set<string>();
  const listen = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) {
        if (each !== 'HEAD' || !routes.has(`GET ${url}`)) routes.add(`${each} ${url}`);
      }
    });
  };
  subscribe(INITIALIZATION, listen);
  try {
    const started = await start();
    return { started, routes: [...routes].sort() };
  } finally {
    unsubscribe(INITIALIZATION, listen);
  }
}
