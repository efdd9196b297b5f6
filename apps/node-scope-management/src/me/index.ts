export { MeModule } from './me.module.js';
export { MeResolver } from './me.resolver.js';
