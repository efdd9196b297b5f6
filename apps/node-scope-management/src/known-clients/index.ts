export { KnownAccessesResolver } from './known-accesses.resolver.js';
export { KnownClientsModule } from './known-clients.module.js';
export { KnownGroupsResolver } from './known-groups.resolver.js';
export { KnownScopesResolver } from './known-scopes.resolver.js';
export { KnownUsersResolver } from './known-users.resolver.js';
export { PlainGroupPayloadResolver, PlainGroupResolver } from './plain-members.resolvers.js';
