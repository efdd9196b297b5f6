export { ScopeModule } from './scope.module.js';
export { ScopeResolver } from './scope.resolver.js';
export { insertScope } from './scope.store.js';
