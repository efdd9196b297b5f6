import { type DynamicModule, Module } from '@nestjs/common';
import { graphqlModule } from '@bastion/platform';
import { AuditModule } from './audit/index.js';
import { AssignmentModule } from './assignment/index.js';
import { CatalogueModule } from './catalogue/index.js';
import { GroupModule } from './group/index.js';
import { MeModule } from './me/index.js';
import { ResourceModule } from './resource/index.js';
import { RoleModule } from './role/index.js';
import { ScopeModule } from './scope/index.js';
import { ServiceAccountModule } from './service-account/index.js';
import { TenantModule } from './tenant/index.js';
import { UserModule } from './user/index.js';

/** Who can be granted something. */
@Module({ imports: [GroupModule, MeModule, ServiceAccountModule, UserModule] })
class GranteesModule {}

/** What they can be granted, and where. */
@Module({ imports: [AssignmentModule, CatalogueModule, ResourceModule, RoleModule, ScopeModule] })
class GrantsModule {}

/** The GraphQL API. */
@Module({})
export class ApiModule {
  static forRoot(options: { readonly introspection: boolean }): DynamicModule {
    return {
      module: ApiModule,
      imports: [graphqlModule(options), GranteesModule, GrantsModule, TenantModule, AuditModule],
    };
  }
}
