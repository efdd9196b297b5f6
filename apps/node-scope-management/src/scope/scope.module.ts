import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { CreateScopeCommand } from './create-scope.command.js';
import { DeleteScopeCommand } from './delete-scope.command.js';
import { MoveScopeCommand } from './move-scope.command.js';
import { ScopeResolver } from './scope.resolver.js';
import { ScopesQuery } from './scopes.query.js';
import { SetScopeInheritanceCommand } from './set-scope-inheritance.command.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [
    CreateScopeCommand,
    DeleteScopeCommand,
    MoveScopeCommand,
    ScopeResolver,
    ScopesQuery,
    SetScopeInheritanceCommand,
  ],
})
export class ScopeModule {}
