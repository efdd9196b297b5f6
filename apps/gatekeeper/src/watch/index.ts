export { WatchModule } from './watch.module.js';
export { WatchResolver } from './watch.resolver.js';
