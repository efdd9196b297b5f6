import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { PrincipalModule } from '../principal/index.js';
import { WriteModule } from '../write/index.js';
import { CreateServiceAccountCommand } from './create-service-account.command.js';
import { ServiceAccountResolver } from './service-account.resolver.js';
import { ServiceAccountsQuery } from './service-accounts.query.js';

@Module({
  imports: [FactsModule, PrincipalModule, WriteModule],
  providers: [CreateServiceAccountCommand, ServiceAccountResolver, ServiceAccountsQuery],
})
export class ServiceAccountModule {}
