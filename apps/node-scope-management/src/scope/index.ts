export { ScopeModule } from './scope.module.js';
export { ScopeResolver } from './scope.resolver.js';
export { insertScope, updateScopeInheritance } from './scope.store.js';
