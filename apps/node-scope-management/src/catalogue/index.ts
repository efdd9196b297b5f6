export { CatalogueModule } from './catalogue.module.js';
export { CatalogueResolver } from './catalogue.resolver.js';
export { unknownPermissions } from './catalogue.store.js';
