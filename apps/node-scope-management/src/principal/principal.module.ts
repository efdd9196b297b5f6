import { Module } from '@nestjs/common';
import { WriteModule } from '../write/index.js';
import { ChangePrincipalStatusCommand } from './change-principal-status.command.js';

/** What users and service accounts have in common. */
@Module({
  imports: [WriteModule],
  providers: [ChangePrincipalStatusCommand],
  exports: [ChangePrincipalStatusCommand],
})
export class PrincipalModule {}
