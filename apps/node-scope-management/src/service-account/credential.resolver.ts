import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { ChangeArgs } from '../graphql/mutation-payload.js';
import { clientIdOf } from './client-secret.js';
import { CreateCredentialCommand } from './create-credential.command.js';
import {
  CreateServiceAccountCredentialInput,
  ServiceAccountCredentialPayload,
  ServiceAccountCredentialRevocationPayload,
} from './credential.model.js';
import { RevokeCredentialCommand } from './revoke-credential.command.js';
import { ServiceAccount } from './service-account.model.js';
import { ServiceAccountsQuery } from './service-accounts.query.js';

@Resolver(() => ServiceAccount)
export class CredentialResolver {
  constructor(
    private readonly createCommand: CreateCredentialCommand,
    private readonly revokeCommand: RevokeCredentialCommand,
    private readonly query: ServiceAccountsQuery,
  ) {}

  @ResolveField(() => String, { description: 'Its `client_id` at the token endpoint.' })
  clientId(@CurrentCaller() { tenantId }: Caller, @Parent() { id }: ServiceAccount): string {
    return clientIdOf(tenantId, id);
  }

  @Mutation(() => ServiceAccountCredentialPayload, {
    description:
      'Gives a service account a secret by which it gets tokens at the token endpoint. It can have two, so that one takes the place of the other without a gap. The caller must hold all that the service account holds, or `assignment:any`: whoever has the secret acts as it.',
  })
  async createServiceAccountCredential(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateServiceAccountCredentialInput })
    input: CreateServiceAccountCredentialInput,
    @Args() { idempotencyKey, reason }: ChangeArgs,
  ): Promise<ServiceAccountCredentialPayload> {
    const created = await this.createCommand.run(caller, { ...input, reason }, idempotencyKey);
    return {
      ...created,
      credential: await this.query.writtenCredential(caller, created.id),
      clientId: clientIdOf(caller.tenantId, created.serviceAccountId),
    };
  }

  @Mutation(() => ServiceAccountCredentialRevocationPayload, {
    description:
      'Takes a secret away: it gets no token any more. Tokens that it got are good until they expire, five minutes at most; suspend the service account to end them at once.',
  })
  async revokeServiceAccountCredential(
    @CurrentCaller() caller: Caller,
    @Args('credentialId', { type: () => ID }) credentialId: string,
    @Args() { idempotencyKey, reason }: ChangeArgs,
  ): Promise<ServiceAccountCredentialRevocationPayload> {
    const receipt = await this.revokeCommand.run(caller, { credentialId, reason }, idempotencyKey);
    return { ...receipt, credentialId: receipt.id };
  }
}
