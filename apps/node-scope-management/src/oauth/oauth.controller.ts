import { Body, Controller, Get, Headers, HttpCode, Ip, Post, Res } from '@nestjs/common';
import { Public } from '@bastion/platform';
import type { FastifyReply } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { WINDOW_MS } from './failed-attempts.js';
import { IssueTokenCommand } from './issue-token.command.js';
import { OauthError, TOKEN_PATH } from './oauth-error.js';
import { readTokenRequest } from './read-token-request.js';
import { TOKEN_LIFETIME_SECONDS, TokenSigner } from './token-signer.js';

const KEYS_PATH = '.well-known/jwks.json';

/** An OAuth 2.0 token endpoint for service accounts, and what others need to know of it. */
@Controller()
@Public()
export class OauthController {
  constructor(
    private readonly issueToken: IssueTokenCommand,
    private readonly signer: TokenSigner,
  ) {}

  @Post(TOKEN_PATH)
  @HttpCode(200)
  async token(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Ip() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    void reply.header('cache-control', 'no-store');
    try {
      const credentials = readTokenRequest(authorization, body);
      const token = await this.issueToken.run(credentials, address);
      return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_SECONDS };
    } catch (error) {
      if (error instanceof OauthError) tellHowToGoOn(reply, error);
      throw error;
    }
  }

  @Get(KEYS_PATH)
  keys(): JSONWebKeySet {
    return this.signer.published;
  }

  /** RFC 8414. */
  @Get('.well-known/oauth-authorization-server')
  metadata(): object {
    const { issuer } = this.signer;
    return {
      issuer,
      token_endpoint: `${issuer}/${TOKEN_PATH}`,
      jwks_uri: `${issuer}/${KEYS_PATH}`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      response_types_supported: [],
    };
  }
}

function tellHowToGoOn(reply: FastifyReply, { code }: OauthError): void {
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Basic realm="bastion"');
  if (code === 'TOO_MANY_ATTEMPTS') void reply.header('retry-after', WINDOW_MS / 1_000);
}
