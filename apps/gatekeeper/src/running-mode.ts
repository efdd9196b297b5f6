import type { RunningMode } from './config/running-mode.config.js';

/** What each mode runs; loaded only then. */
export const ENTRIES: Record<RunningMode, () => Promise<void>> = {
  server: async () => (await import('./serve.js')).serve(),
  migrate: async () => (await import('./migrate.js')).migrate(),
};
