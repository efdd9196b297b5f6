import { Injectable } from '@nestjs/common';
import { entityIdSchema, sha256, tenantIdSchema } from '@bastion/platform';
import { AppDatabase } from '../database/app-database.js';
import {
  findAuthentications,
  isSecretOf,
  noteUse,
  readClientId,
} from '../service-account/index.js';
import { FailedAttempts } from './failed-attempts.js';
import { OauthError } from './oauth-error.js';
import type { ClientCredentials } from './read-token-request.js';
import { TokenSigner } from './token-signer.js';

/** Compared with where there is nothing to compare with. */
const NO_SECRET = sha256('');

/** Gives a service account a token for its secret. Nothing of the tenant is changed by it. */
@Injectable()
export class IssueTokenCommand {
  constructor(
    private readonly database: AppDatabase,
    private readonly signer: TokenSigner,
    private readonly attempts: FailedAttempts,
  ) {}

  /**
   * Throws OauthError `invalid_client` alike for a wrong secret, for an account that is not active, and
   * for one that does not exist; `temporarily_unavailable` after too many of those.
   *
   * @param address where the request came from
   */
  async run({ clientId, secret }: ClientCredentials, address: string): Promise<string> {
    if (this.attempts.isBlocked(clientId, address)) {
      throw new OauthError('temporarily_unavailable', 'Too many attempts have failed.');
    }
    const holder = await this.authenticate(clientId, secret);
    if (!holder) {
      this.attempts.note(clientId, address);
      throw new OauthError('invalid_client', 'The client is not authenticated.');
    }
    this.attempts.forget(clientId, address);
    return this.signer.sign({ ...holder, clientId });
  }

  private async authenticate(clientId: string, secret: string) {
    const client = readClientId(clientId);
    const tenant = tenantIdSchema.safeParse(client?.tenantId);
    const account = entityIdSchema.safeParse(client?.serviceAccountId);
    if (!tenant.success || !account.success) return undefined;
    return this.database.inTenant(tenant.data, async (tx) => {
      const found = await findAuthentications(tx, account.data);
      // All of them, so that the time says nothing of which it was.
      const [match] = found.filter(({ hash }) => isSecretOf(hash, secret));
      if (found.length === 0) isSecretOf(NO_SECRET, secret);
      if (!match) return undefined;
      await noteUse(tx, match.credentialId);
      return { tenantId: tenant.data, subject: match.subject };
    });
  }
}
