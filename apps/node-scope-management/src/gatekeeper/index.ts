export type { GatekeeperClient, WitnessedFacts } from './gatekeeper.client.js';
export { GatekeeperModule } from './gatekeeper.module.js';
export { Gatekeepers } from './gatekeepers.js';
