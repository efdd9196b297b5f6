export { ReviewModule } from './review.module.js';
export { ReviewResolver } from './review.resolver.js';
