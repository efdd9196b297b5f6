import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AUTH_OPTIONS, type AuthOptions } from './auth-options.js';
import { AuthGuard } from './auth.guard.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { TrustedIssuers } from './trusted-issuers.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Guards the whole app; importing it once is enough, and there is no way around it but `@Public()`. */
@Global()
@Module({})
export class AuthModule {
  static forRoot(options: AuthOptions): DynamicModule {
    return {
      module: AuthModule,
      providers: [
        { provide: AUTH_OPTIONS, useValue: options },
        {
          provide: VerifiedTokens,
          useValue: new VerifiedTokens({
            verifier: new TrustedIssuers(options),
            now: () => Date.now(),
            monotonicNow: () => performance.now(),
          }),
        },
        { provide: APP_GUARD, useClass: AuthGuard },
        RequestAuthenticator,
      ],
      exports: [RequestAuthenticator],
    };
  }
}
