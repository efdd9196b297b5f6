export { askAsService, type ServiceRequest } from './ask-as-service.js';
export {
  ClientCredentialsTokens,
  type ClientCredentialsOptions,
} from './client-credentials-tokens.js';
export { SyncClient, type SyncClientOptions } from './sync-client.js';
export { SyncInvalidAnswerError, SyncRefusedError, SyncUnavailableError } from './sync-errors.js';
