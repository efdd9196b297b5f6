import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { ChangePrincipalStatusCommand, type NextStatus } from '../principal/index.js';
import { ChangeServiceAccountCommand } from './change-service-account.command.js';
import { CreateServiceAccountCommand } from './create-service-account.command.js';
import {
  ChangeServiceAccountInput,
  CreateServiceAccountInput,
  ServiceAccount,
  ServiceAccountConnection,
  ServiceAccountFilter,
  ServiceAccountOrder,
  type ServiceAccountOrderField,
  ServiceAccountPayload,
} from './service-account.model.js';
import { ServiceAccountsQuery } from './service-accounts.query.js';

@Resolver()
export class ServiceAccountResolver {
  constructor(
    private readonly createServiceAccountCommand: CreateServiceAccountCommand,
    private readonly changeServiceAccountCommand: ChangeServiceAccountCommand,
    private readonly changeStatusCommand: ChangePrincipalStatusCommand,
    private readonly query: ServiceAccountsQuery,
  ) {}

  @Query(() => ServiceAccount, { nullable: true })
  serviceAccount(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ServiceAccount | null> {
    return this.query.one(caller, id);
  }

  @Query(() => ServiceAccountConnection)
  serviceAccounts(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ServiceAccountFilter, defaultValue: {} })
    filter: ServiceAccountFilter,
    @Args('orderBy', { type: () => ServiceAccountOrder, nullable: true })
    order?: Order<ServiceAccountOrderField> | null,
  ): Promise<Page<ServiceAccount>> {
    return this.query.list(caller, filter, pageRequest(page, order));
  }

  @Mutation(() => ServiceAccountPayload, {
    description: 'Creates a service account, which is active and holds nothing yet.',
  })
  async createServiceAccount(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateServiceAccountInput }) input: CreateServiceAccountInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<ServiceAccountPayload> {
    const receipt = await this.createServiceAccountCommand.run(caller, input, idempotencyKey);
    return { ...receipt, serviceAccount: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ServiceAccountPayload, {
    description: 'Changes what a service account is to people.',
  })
  async changeServiceAccount(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => ChangeServiceAccountInput }) input: ChangeServiceAccountInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ServiceAccountPayload> {
    const receipt = await this.changeServiceAccountCommand.run(
      caller,
      { ...input, ...change },
      idempotencyKey,
    );
    return { ...receipt, serviceAccount: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ServiceAccountPayload, { description: 'Ends a suspension.' })
  activateServiceAccount(
    @CurrentCaller() caller: Caller,
    @Args('serviceAccountId', { type: () => ID }) serviceAccountId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<ServiceAccountPayload> {
    return this.changeStatus(caller, serviceAccountId, 'ACTIVE', change);
  }

  @Mutation(() => ServiceAccountPayload, {
    description:
      'Denies a service account everything until activated again; what it holds is kept.',
  })
  suspendServiceAccount(
    @CurrentCaller() caller: Caller,
    @Args('serviceAccountId', { type: () => ID }) serviceAccountId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<ServiceAccountPayload> {
    return this.changeStatus(caller, serviceAccountId, 'SUSPENDED', change);
  }

  @Mutation(() => ServiceAccountPayload, {
    description: 'Ends a service account for good, with its memberships and assignments.',
  })
  deprovisionServiceAccount(
    @CurrentCaller() caller: Caller,
    @Args('serviceAccountId', { type: () => ID }) serviceAccountId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<ServiceAccountPayload> {
    return this.changeStatus(caller, serviceAccountId, 'DEPROVISIONED', change);
  }

  @Mutation(() => ServiceAccountPayload, {
    description:
      'Forgets for good who a service account was that has been deprovisioned: name, description and subject. The id stays, for the audit.',
  })
  eraseServiceAccount(
    @CurrentCaller() caller: Caller,
    @Args('serviceAccountId', { type: () => ID }) serviceAccountId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<ServiceAccountPayload> {
    return this.changeStatus(caller, serviceAccountId, 'ERASED', change);
  }

  private async changeStatus(
    caller: Caller,
    principalId: string,
    status: NextStatus,
    { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ServiceAccountPayload> {
    const input = { kind: 'SERVICE_ACCOUNT', principalId, status, ...change };
    const receipt = await this.changeStatusCommand.run(caller, input, idempotencyKey);
    return { ...receipt, serviceAccount: await this.query.written(caller, receipt.id) };
  }
}
