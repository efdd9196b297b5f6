export { changeFields } from './change-fields.js';
export { conditionSchema } from './condition.js';
export { descriptionSchema } from './description.js';
export { externalIdText } from './external-id.js';
export { resourceReferenceSchema } from './resource-reference.js';
export { scopeTypeSchema } from './scope-type.js';
