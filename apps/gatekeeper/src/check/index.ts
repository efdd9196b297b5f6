export { readAtLeast } from './at-least.js';
export {
  isSomewhere,
  NOWHERE,
  permissionSchema,
  placeFields,
  principalSchema,
  resourceTypeSchema,
} from './check-input.js';
export { CheckReason, PrincipalInput, ResourceInput } from './check.model.js';
export { CheckModule } from './check.module.js';
export { CheckResolver } from './check.resolver.js';
export { mayNotAsk } from './may-not-ask.js';
export { principalAsked, rightToAskAboutOthers, type PrincipalReference } from './question.js';
export { renderAuthzenError } from './render-authzen-error.js';
export { StatusResolver } from './status.resolver.js';
export { AuthzenController } from './authzen.controller.js';
export { serveAuthzen } from './authzen.routes.js';
