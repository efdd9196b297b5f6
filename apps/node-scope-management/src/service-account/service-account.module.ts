import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { PrincipalModule } from '../principal/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeServiceAccountCommand } from './change-service-account.command.js';
import { CreateServiceAccountCommand } from './create-service-account.command.js';
import { CreateCredentialCommand } from './create-credential.command.js';
import { CredentialResolver } from './credential.resolver.js';
import { RevokeCredentialCommand } from './revoke-credential.command.js';
import { ServiceAccountResolver } from './service-account.resolver.js';
import { ServiceAccountsQuery } from './service-accounts.query.js';

@Module({
  imports: [FactsModule, PrincipalModule, WriteModule],
  providers: [
    ChangeServiceAccountCommand,
    CreateCredentialCommand,
    CreateServiceAccountCommand,
    CredentialResolver,
    RevokeCredentialCommand,
    ServiceAccountResolver,
    ServiceAccountsQuery,
  ],
})
export class ServiceAccountModule {}
