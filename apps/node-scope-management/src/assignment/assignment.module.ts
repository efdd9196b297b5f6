import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { AssignRoleCommand } from './assign-role.command.js';
import { AssignmentResolver } from './assignment.resolver.js';
import { AssignmentsQuery } from './assignments.query.js';
import { ChangeAssignmentCommand } from './change-assignment.command.js';
import { GiveAccessCommand } from './give-access.command.js';
import { TakeAccessCommand } from './take-access.command.js';
import { UnassignRoleCommand } from './unassign-role.command.js';
import { UnassignRolesCommand } from './unassign-roles.command.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [
    AssignmentResolver,
    AssignRoleCommand,
    AssignmentsQuery,
    ChangeAssignmentCommand,
    GiveAccessCommand,
    TakeAccessCommand,
    UnassignRoleCommand,
    UnassignRolesCommand,
  ],
  exports: [GiveAccessCommand, TakeAccessCommand],
})
export class AssignmentModule {}
