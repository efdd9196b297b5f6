import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { PrincipalModule } from '../principal/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeUserCommand } from './change-user.command.js';
import { CreateUserCommand } from './create-user.command.js';
import { UserResolver } from './user.resolver.js';
import { UsersQuery } from './users.query.js';

@Module({
  imports: [FactsModule, PrincipalModule, WriteModule],
  providers: [ChangeUserCommand, CreateUserCommand, UserResolver, UsersQuery],
})
export class UserModule {}
