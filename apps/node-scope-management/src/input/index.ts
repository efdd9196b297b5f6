export { descriptionSchema } from './description.js';
export { scopeTypeSchema } from './scope-type.js';
