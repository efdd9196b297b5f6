import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { AddGroupMembersCommand } from './add-group-members.command.js';
import { CreateGroupCommand } from './create-group.command.js';
import { DeleteGroupCommand } from './delete-group.command.js';
import { GroupMembersResolver } from './group-members.resolver.js';
import { GroupResolver } from './group.resolver.js';
import { GroupsQuery } from './groups.query.js';
import { RemoveGroupMembersCommand } from './remove-group-members.command.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [
    AddGroupMembersCommand,
    CreateGroupCommand,
    DeleteGroupCommand,
    GroupMembersResolver,
    GroupResolver,
    GroupsQuery,
    RemoveGroupMembersCommand,
  ],
})
export class GroupModule {}
