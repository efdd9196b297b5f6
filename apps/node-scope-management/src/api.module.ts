import { type DynamicModule, Module } from '@nestjs/common';
import { GraphqlApiModule, type GraphqlOptions } from '@bastion/platform';
import { AuditModule } from './audit/index.js';
import { AssignmentModule } from './assignment/index.js';
import { CatalogueModule } from './catalogue/index.js';
import { ChangesModule } from './changes/index.js';
import { GroupModule } from './group/index.js';
import { KnownClientsModule } from './known-clients/index.js';
import { MeModule } from './me/index.js';
import { ResourceModule } from './resource/index.js';
import { RoleModule } from './role/index.js';
import { ScopeModule } from './scope/index.js';
import { ServiceAccountModule } from './service-account/index.js';
import { TenantErasureModule, TenantModule } from './tenant/index.js';
import { TenantExportModule } from './tenant-export/index.js';
import { UserModule } from './user/index.js';

/** Who can be granted something. */
@Module({ imports: [GroupModule, MeModule, ServiceAccountModule, UserModule] })
class GranteesModule {}

/** What they can be granted, and where. */
@Module({ imports: [AssignmentModule, CatalogueModule, ResourceModule, RoleModule, ScopeModule] })
class GrantsModule {}

/** What was done, and what is being done. */
@Module({ imports: [AuditModule, ChangesModule] })
class HistoryModule {}

/** The tenants themselves, from their creation to the last of their rows. */
@Module({ imports: [TenantModule, TenantErasureModule, TenantExportModule] })
class TenantsModule {}

/** The API: GraphQL, but for what is a file. */
@Module({})
export class ApiModule {
  static forRoot(options: GraphqlOptions): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        GraphqlApiModule.forRoot(options),
        GranteesModule,
        GrantsModule,
        KnownClientsModule,
        TenantsModule,
        HistoryModule,
      ],
    };
  }
}
