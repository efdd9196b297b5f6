import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { JobModule } from '../job/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeRoleCommand } from './change-role.command.js';
import { CreateRoleCommand } from './create-role.command.js';
import { RestoreRoleVersionCommand } from './restore-role-version.command.js';
import { RetireRoleCommand } from './retire-role.command.js';
import { RoleRetirementJob } from './role-retirement.job.js';
import { RoleResolver } from './role.resolver.js';
import { RoleVersionsResolver } from './role-versions.resolver.js';
import { RolesQuery } from './roles.query.js';
import { UnknownPermissionsResolver } from './unknown-permissions.resolver.js';

@Module({
  imports: [FactsModule, JobModule, WriteModule],
  providers: [
    ChangeRoleCommand,
    CreateRoleCommand,
    RestoreRoleVersionCommand,
    RetireRoleCommand,
    RoleResolver,
    RoleRetirementJob,
    RoleVersionsResolver,
    RolesQuery,
    UnknownPermissionsResolver,
  ],
})
export class RoleModule {}
