import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ApiError } from '../errors/api-error.js';
import { identifyRequest } from '../http/request-context.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth-options.js';
import { bearerTokenOf, readBearerToken } from './bearer-token.js';
import { attachCaller, boundCallerOf, type AskingRequest, type Caller } from './caller.js';
import { TokenRefusedError, type RefusalReason } from './token-refused.error.js';
import type { VerifiedToken } from './token-verifier.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Finds out who sent a request, once per request, whoever asks first. */
@Injectable()
export class RequestAuthenticator {
  private readonly verifications = new WeakMap<AskingRequest, Promise<VerifiedToken>>();

  constructor(
    private readonly tokens: VerifiedTokens,
    @Inject(AUTH_OPTIONS) private readonly options: AuthOptions,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * The caller, bound to a tenant.
   *
   * @throws ApiError UNAUTHENTICATED without a good token, or for one that belongs to no tenant
   */
  async requireCaller(request: AskingRequest): Promise<Caller> {
    return this.recognizeCaller(request) ?? this.bind(request, await this.verifyOnce(request));
  }

  /** The same where it can be told at once: for a token that was verified a moment ago. */
  recognizeCaller(request: AskingRequest): Caller | undefined {
    const bound = boundCallerOf(request);
    if (bound) return bound;
    const { authorization } = request.headers;
    const token = authorization === undefined ? undefined : readBearerToken(authorization);
    const known = token === undefined ? undefined : this.tokens.known(token);
    return known?.tenantId === undefined ? undefined : this.bind(request, known);
  }

  /**
   * The caller of everything that will come over a connection, and until when: epoch ms.
   *
   * @throws ApiError as {@link requireCaller} does
   */
  async openSession(
    request: AskingRequest,
  ): Promise<{ readonly caller: Caller; readonly expiresAt: number }> {
    const verified = await this.verifyOnce(request);
    return { caller: this.bind(request, verified), expiresAt: verified.expiresAt };
  }

  private bind(request: AskingRequest, { tenantId, subject, kind, issuer }: VerifiedToken): Caller {
    if (tenantId === undefined) throw this.unauthenticated('NO_TENANT');
    const caller = { tenantId, subject, issuer, requestId: request.id, ...(kind && { kind }) };
    attachCaller(request, caller);
    identifyRequest({ tenantId, subject });
    return caller;
  }

  /**
   * Lets one of the named services through, whatever tenant its own account lives in.
   *
   * @throws ApiError UNAUTHENTICATED without a good token, FORBIDDEN for anybody else
   */
  async requireService(request: AskingRequest): Promise<void> {
    const { subject, kind } = await this.verifyOnce(request);
    identifyRequest({ subject });
    // INVARIANT: the identity provider alone names services. A tenant names its service accounts, and
    // might call one of them as such a service is called.
    if (kind !== undefined || !this.options.serviceSubjects.includes(subject)) {
      this.logger.warn({ subject }, 'Not one of the services that may call this');
      throw new ApiError('FORBIDDEN', 'This is for services only.');
    }
  }

  private verifyOnce(request: AskingRequest): Promise<VerifiedToken> {
    const known = this.verifications.get(request);
    if (known !== undefined) return known;
    const verification = this.verify(request);
    this.verifications.set(request, verification);
    return verification;
  }

  private async verify(request: AskingRequest): Promise<VerifiedToken> {
    try {
      return await this.tokens.verify(bearerTokenOf(request.headers.authorization));
    } catch (error) {
      if (error instanceof TokenRefusedError) throw this.unauthenticated(error.reason);
      throw error;
    }
  }

  /** INVARIANT: the answer is the same for every reason; only the log tells them apart. */
  private unauthenticated(reason: RefusalReason): ApiError {
    this.logger.warn({ reason }, 'Token refused');
    return new ApiError('UNAUTHENTICATED', 'Authentication is required.');
  }
}
