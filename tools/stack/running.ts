import { rmSync, writeFileSync } from 'node:fs';
import { AUDIENCE } from '@bastion/local-stack';
import { SAMPLE_SERVICE } from './people.js';
import { REPOSITORY } from './repository.js';
import type { Platform } from './start-platform.js';

export const STATE_FOLDER = `${REPOSITORY}.local/stack`;
export const RUNNING_FILE = `${STATE_FOLDER}/running.json`;

/** What `npm start` leaves for the commands beside it while it runs; readable by its owner alone. */
export interface Running {
  readonly issuer: string;
  readonly audience: string;
  readonly gatekeeperUrl: string;
  readonly scopeManagementUrl: string;
  /** The secret of the sample service. */
  readonly serviceSecret: string;
  /** The environment of the operator's command. */
  readonly adminEnvironment: Readonly<Record<string, string>>;
}

export function announceRunning(platform: Platform): void {
  const running: Running = {
    issuer: platform.stack.issuer,
    audience: AUDIENCE,
    gatekeeperUrl: platform.gatekeeperUrl,
    scopeManagementUrl: platform.scopeManagementUrl,
    serviceSecret: platform.stack.state.secret(`client-${SAMPLE_SERVICE.clientId}`),
    adminEnvironment: platform.adminEnvironment,
  };
  writeFileSync(RUNNING_FILE, JSON.stringify(running), { mode: 0o600 });
}

export function withdrawRunning(): void {
  rmSync(RUNNING_FILE, { force: true });
}
