export {
  ChangePrincipalStatusCommand,
  type NextStatus,
} from './change-principal-status.command.js';
export { updatePrincipal } from './principal.store.js';
export { PrincipalModule } from './principal.module.js';
