import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { CatalogueResolver } from './catalogue.resolver.js';
import { RegisterResourceTypesCommand } from './register-resource-types.command.js';
import { ResourceTypesQuery } from './resource-types.query.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [CatalogueResolver, RegisterResourceTypesCommand, ResourceTypesQuery],
})
export class CatalogueModule {}
