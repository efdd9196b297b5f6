export { explain } from './explain.js';
export {
  EXPLANATION_LIMITS,
  type AccessChange,
  type AccessPath,
  type Explanation,
  type Limited,
  type NearMiss,
  type Remedy,
} from './explanation.js';
export {
  listHoldings,
  type HeldAssignment,
  type HeldGroup,
  type Holdings,
} from './list-holdings.js';
export { listPermissions, type PermissionsQuestion } from './list-permissions.js';
export { listPrincipals, type PrincipalsQuestion } from './list-principals.js';
export { listResources, type ResourcesQuestion } from './list-resources.js';
export { listScopes, type ScopesQuestion } from './list-scopes.js';
export { pageOf, type Page } from './page-of.js';
