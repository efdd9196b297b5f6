export { clientIdOf, isSecretOf, readClientId } from './client-secret.js';
export { CredentialResolver } from './credential.resolver.js';
export { deleteAllCredentials, findAuthentications, noteUse } from './credential.store.js';
export { ServiceAccount } from './service-account.model.js';
export { ServiceAccountModule } from './service-account.module.js';
export { ServiceAccountResolver } from './service-account.resolver.js';
export { findServiceAccount, insertServiceAccount } from './service-account.store.js';
