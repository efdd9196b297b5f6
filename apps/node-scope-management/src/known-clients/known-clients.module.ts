import { Module } from '@nestjs/common';
import { AssignmentModule } from '../assignment/index.js';
import { FactsModule } from '../facts/index.js';
import { GroupModule } from '../group/index.js';
import { ScopeModule } from '../scope/index.js';
import { KnownAccessesResolver } from './known-accesses.resolver.js';
import { KnownGroupsQuery } from './known-groups.query.js';
import { KnownGroupsResolver } from './known-groups.resolver.js';
import { KnownScopesQuery } from './known-scopes.query.js';
import { KnownScopesResolver } from './known-scopes.resolver.js';
import { KnownUsersQuery } from './known-users.query.js';
import { KnownUsersResolver } from './known-users.resolver.js';
import { PlainGroupPayloadResolver, PlainGroupResolver } from './plain-members.resolvers.js';

/** What published clients of such a platform call, mapped onto the same commands. */
@Module({
  imports: [AssignmentModule, FactsModule, GroupModule, ScopeModule],
  providers: [
    KnownAccessesResolver,
    KnownGroupsQuery,
    KnownGroupsResolver,
    KnownScopesQuery,
    KnownScopesResolver,
    KnownUsersQuery,
    KnownUsersResolver,
    PlainGroupPayloadResolver,
    PlainGroupResolver,
  ],
})
export class KnownClientsModule {}
