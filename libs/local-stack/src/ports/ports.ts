import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LocalStackError } from '../local-stack-error.js';
import { portHolder } from './port-holder.js';

export interface PortChoice {
  /** What will listen there, as the message names it: `PostgreSQL`. */
  readonly part: string;
  /** The environment variable by which the port is configured: `POSTGRES_PORT`. */
  readonly variable: string;
  /** The configured port; any free one when undefined. */
  readonly configured?: number | undefined;
}

// Below the range from which Linux takes the ports of outgoing connections (32768 and up): a part
// that stops for a moment finds its port still free.
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

/** Ports given out but perhaps not listened on yet. */
const givenOut = new Set<number>();

/**
 * The configured port if it is free, else any free port of 127.0.0.1.
 * @throws LocalStackError naming the port, who holds it, and the variable to change
 */
export async function choosePort(choice: PortChoice): Promise<number> {
  const { part, variable, configured } = choice;
  if (configured === undefined) return freePort();
  if (await isFree(configured)) return configured;
  const holder = portHolder(configured);
  throw new LocalStackError(
    `Port ${configured} for ${part} is in use${holder ? ` by ${holder}` : ''}. ` +
      `Stop what listens there, or set ${variable} to another port; without ${variable} a free one is taken.`,
  );
}

/** Any port of 127.0.0.1 on which nothing listens, never the same twice in one process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (givenOut.has(port)) continue;
    givenOut.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
