import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeScopeCommand } from './change-scope.command.js';
import { CreateScopeCommand } from './create-scope.command.js';
import { CreateScopesByPathCommand } from './create-scopes-by-path.command.js';
import { DeleteScopeCommand } from './delete-scope.command.js';
import { MoveScopeCommand } from './move-scope.command.js';
import { MoveScopesCommand } from './move-scopes.command.js';
import { ScopeTreeQuery } from './scope-tree.query.js';
import { ScopeTreeResolver } from './scope-tree.resolver.js';
import { ScopeResolver } from './scope.resolver.js';
import { ScopesQuery } from './scopes.query.js';
import { SetScopeInheritanceCommand } from './set-scope-inheritance.command.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [
    ChangeScopeCommand,
    CreateScopeCommand,
    CreateScopesByPathCommand,
    DeleteScopeCommand,
    MoveScopeCommand,
    MoveScopesCommand,
    ScopeResolver,
    ScopeTreeQuery,
    ScopeTreeResolver,
    ScopesQuery,
    SetScopeInheritanceCommand,
  ],
  exports: [
    ChangeScopeCommand,
    CreateScopesByPathCommand,
    DeleteScopeCommand,
    MoveScopesCommand,
    ScopesQuery,
    ScopeTreeQuery,
  ],
})
export class ScopeModule {}
