export { GroupMembersResolver } from './group-members.resolver.js';
export { GroupModule } from './group.module.js';
export { GroupResolver } from './group.resolver.js';
export { insertGroup } from './group.store.js';
export { insertMemberships } from './membership.store.js';
export { findGroups } from './group.store.js';
