import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { AddGroupMembersCommand } from './add-group-members.command.js';
import { ChangeGroupCommand } from './change-group.command.js';
import { CreateGroupCommand } from './create-group.command.js';
import { DeleteGroupCommand } from './delete-group.command.js';
import { GroupMembersResolver } from './group-members.resolver.js';
import { GroupResolver } from './group.resolver.js';
import { GroupsOfMember } from './groups-of-member.js';
import {
  GroupGroupsResolver,
  ServiceAccountGroupsResolver,
  UserGroupsResolver,
} from './groups-of-member.resolvers.js';
import { GroupsQuery } from './groups.query.js';
import { RemoveFromGroupsCommand } from './remove-from-groups.command.js';
import { RemoveGroupMembersCommand } from './remove-group-members.command.js';

@Module({
  imports: [FactsModule, WriteModule],
  providers: [
    AddGroupMembersCommand,
    ChangeGroupCommand,
    CreateGroupCommand,
    DeleteGroupCommand,
    GroupGroupsResolver,
    GroupMembersResolver,
    GroupResolver,
    GroupsOfMember,
    GroupsQuery,
    RemoveFromGroupsCommand,
    RemoveGroupMembersCommand,
    ServiceAccountGroupsResolver,
    UserGroupsResolver,
  ],
  exports: [AddGroupMembersCommand, ChangeGroupCommand, GroupsQuery, RemoveFromGroupsCommand],
})
export class GroupModule {}
