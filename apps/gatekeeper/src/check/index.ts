export { readAtLeast } from './at-least.js';
export { idSchema, permissionSchema, principalSchema } from './check-input.js';
export { CheckReason, PrincipalInput } from './check.model.js';
export { CheckModule } from './check.module.js';
export { CheckResolver } from './check.resolver.js';
export { mayNotAsk } from './may-not-ask.js';
export { principalAsked, rightToAskAboutOthers, type PrincipalReference } from './question.js';
export { renderAuthzenError } from './render-authzen-error.js';
export { StatusResolver } from './status.resolver.js';
