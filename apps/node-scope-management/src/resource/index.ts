export { ResourceInput } from './resource.model.js';
export { ResourceModule } from './resource.module.js';
export { ResourceResolver } from './resource.resolver.js';
export { insertResource, updateResourceScope } from './resource.store.js';
