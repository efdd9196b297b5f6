export { userProfileInput } from './user-profile.js';
export { User } from './user.model.js';
export { UserModule } from './user.module.js';
export { UserResolver } from './user.resolver.js';
export { findUser, insertUser } from './user.store.js';
