import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { FailedAttempts } from './failed-attempts.js';
import { IssueTokenCommand } from './issue-token.command.js';
import { OauthController } from './oauth.controller.js';
import { TokenSigner, type TokenSignerOptions } from './token-signer.js';

/** Where service accounts get their tokens; for whoever has keys to sign them. */
@Module({})
export class OauthModule {
  static forRoot(options: TokenSignerOptions): DynamicModule {
    return {
      module: OauthModule,
      imports: [DatabaseModule],
      controllers: [OauthController],
      providers: [
        { provide: TokenSigner, useValue: new TokenSigner(options) },
        { provide: FailedAttempts, useValue: new FailedAttempts(() => performance.now()) },
        IssueTokenCommand,
      ],
    };
  }
}
