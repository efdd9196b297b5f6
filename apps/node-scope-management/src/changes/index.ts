export { ChangesModule } from './changes.module.js';
export { ChangesResolver } from './changes.resolver.js';
