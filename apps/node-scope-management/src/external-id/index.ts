export { externalIdSchema, externalIdsSchema } from './external-id-schema.js';
export { ExternalId, ExternalIdInput } from './external-id.model.js';
export {
  deleteExternalIds,
  externalIdsOf,
  isCalled,
  replaceExternalIds,
} from './external-id.store.js';
