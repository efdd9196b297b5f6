import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Watchdog } from '@bastion/local-stack';
import type { Question } from './questions.js';

export const CERBOS = { name: '@cerbos/cerbos-linux-x64', version: '0.55.0' } as const;

/** One rule. */
const POLICY = `
apiVersion: api.cerbos.dev/v1
resourcePolicy:
  resource: document
  version: default
  rules:
    - actions: [read, write]
      effect: EFFECT_ALLOW
      roles: [user]
`;

const READY_MS = 30_000;

/**
 * Cerbos over HTTP, with one trivial policy from a folder, neither audit nor telemetry. Ends with the
 * watchdog.
 *
 * @param installed the folder of the npm package that holds the program
 */
export async function startCerbos(
  installed: string,
  folder: string,
  watchdog: Watchdog,
): Promise<{ url: string; pid: number }> {
  const policies = `${folder}/policies`;
  mkdirSync(policies, { recursive: true });
  writeFileSync(`${policies}/document.yaml`, POLICY);
  const [http, grpc] = [await freePort(), await freePort()];
  const config = {
    server: { httpListenAddr: `127.0.0.1:${http}`, grpcListenAddr: `127.0.0.1:${grpc}` },
    storage: { driver: 'disk', disk: { directory: policies, watchForChanges: false } },
    telemetry: { disabled: true },
  };
  writeFileSync(`${folder}/config.yaml`, JSON.stringify(config));
  const log = openSync(`${folder}/cerbos.log`, 'a');
  const args = ['server', `--config=${folder}/config.yaml`, '--log-level=error'];
  const child = spawn(`${installed}/cerbos-linux-x64`, args, {
    ...{ detached: true, env: {}, stdio: ['ignore', log, log] },
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error('Cerbos did not start');
  watchdog.watch(child.pid, { signal: 'SIGTERM', graceMs: 1_000 });
  const url = `http://127.0.0.1:${http}`;
  await untilHealthy(`${url}/_cerbos/health`);
  return { url, pid: child.pid };
}

/** The question as Cerbos has it, for `/api/check/resources`. */
export function cerbosRequestOf({ userId, verb, documentId, scopeId }: Question): object {
  return {
    principal: { id: userId, roles: ['user'] },
    resources: [
      { actions: [verb], resource: { kind: 'document', id: documentId, attr: { scope: scopeId } } },
    ],
  };
}

async function untilHealthy(url: string): Promise<void> {
  const giveUpAt = performance.now() + READY_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (performance.now() > giveUpAt) throw new Error(`Cerbos did not get ready at ${url}`);
    await sleep(100);
  }
}
