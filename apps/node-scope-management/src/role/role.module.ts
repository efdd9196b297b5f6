import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeRoleCommand } from './change-role.command.js';
import { CreateRoleCommand } from './create-role.command.js';
import { RetireRoleCommand } from './retire-role.command.js';
import { RoleResolver } from './role.resolver.js';
import { RolesQuery } from './roles.query.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [ChangeRoleCommand, CreateRoleCommand, RetireRoleCommand, RoleResolver, RolesQuery],
})
export class RoleModule {}
