export { AssignedResource } from './assignment.model.js';
export { AssignmentModule } from './assignment.module.js';
export { AssignmentResolver } from './assignment.resolver.js';
export { insertAssignment, putAssignment } from './assignment.store.js';
export { GiveAccessCommand } from './give-access.command.js';
export { TakeAccessCommand } from './take-access.command.js';
