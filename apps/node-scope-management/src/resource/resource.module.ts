import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { MoveResourceCommand } from './move-resource.command.js';
import { RegisterResourceCommand } from './register-resource.command.js';
import { ResourceResolver } from './resource.resolver.js';
import { ResourcesQuery } from './resources.query.js';
import { UnregisterResourceCommand } from './unregister-resource.command.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [
    MoveResourceCommand,
    RegisterResourceCommand,
    ResourceResolver,
    ResourcesQuery,
    UnregisterResourceCommand,
  ],
})
export class ResourceModule {}
