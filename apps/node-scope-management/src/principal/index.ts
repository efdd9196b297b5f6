export {
  ChangePrincipalStatusCommand,
  type NextStatus,
} from './change-principal-status.command.js';
export { PrincipalModule } from './principal.module.js';
