export { AddGroupMembersCommand } from './add-group-members.command.js';
export { ChangeGroupCommand } from './change-group.command.js';
export { GroupMembersResolver } from './group-members.resolver.js';
export { GroupModule } from './group.module.js';
export { GroupResolver } from './group.resolver.js';
export { GroupPayload } from './group.model.js';
export { findGroups, insertGroup } from './group.store.js';
export {
  GroupGroupsResolver,
  ServiceAccountGroupsResolver,
  UserGroupsResolver,
} from './groups-of-member.resolvers.js';
export { GroupsQuery } from './groups.query.js';
export { insertMemberships } from './membership.store.js';
export { RemoveFromGroupsCommand } from './remove-from-groups.command.js';
