export { CheckModule } from './check.module.js';
export { CheckResolver } from './check.resolver.js';
export { renderAuthzenError } from './render-authzen-error.js';
export { StatusResolver } from './status.resolver.js';
