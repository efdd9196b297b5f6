import type { RunningMode } from './config/running-mode.config.js';

/** What each mode runs; loaded only then, so that a relay carries no API with it. */
export const ENTRIES: Record<RunningMode, () => Promise<void>> = {
  server: async () => (await import('./serve.js')).serve(),
  relay: async () => (await import('./relay.js')).relay(),
  migrate: async () => (await import('./migrate.js')).migrate(),
};
