export { Asker, type PrincipalReference } from './asker.js';
export { readAtLeast } from './at-least.js';
export {
  checkInputSchema,
  contextSchema,
  isSomewhere,
  NOWHERE,
  permissionSchema,
  placeFields,
  principalSchema,
  resourceTypeSchema,
} from './check-input.js';
export {
  CheckInput,
  CheckReason,
  CheckResult,
  CONTEXT_FIELD,
  PrincipalInput,
  ResourceInput,
} from './check.model.js';
export { CheckQuery, type Check, type CheckAnswer } from './check.query.js';
export { CheckModule } from './check.module.js';
export { CheckResolver } from './check.resolver.js';
export { Json } from './json.scalar.js';
export { mayNotAsk } from './may-not-ask.js';
export { renderAuthzenError } from './render-authzen-error.js';
export { StatusResolver } from './status.resolver.js';
export { AuthzenController } from './authzen.controller.js';
export { serveAuthzen } from './authzen.routes.js';
