import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { StaleMode, TenantStatus } from '../generated/prisma/enums.js';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';

registerEnumType(TenantStatus, {
  name: 'TenantStatus',
  description: 'In a suspended tenant everyone is denied everything.',
});

registerEnumType(StaleMode, {
  name: 'StaleMode',
  description: 'What becomes of checks when it cannot be confirmed that nothing has changed.',
  valuesMap: {
    DENY: { description: 'They are denied.' },
    SERVE: {
      description:
        'What is allowed by roles that are not privileged is still allowed for a while, and marked stale.',
    },
  },
});

@ObjectType()
export class Tenant {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => TenantStatus)
  status!: TenantStatus;

  @Field(() => StaleMode, { description: 'What its administrators chose for outages.' })
  staleMode!: StaleMode;

  @Field(() => Int, {
    description: 'For how long after the last confirmation SERVE holds; 0 with DENY.',
  })
  maxStaleSeconds!: number;

  @Field(() => Date)
  createdAt!: Date;
}

@ObjectType({ description: 'How many a tenant may have of each kind. Null: any number.' })
export class TenantLimits {
  @Field(() => Int, {
    nullable: true,
    description: 'Users and service accounts, without those that have ended.',
  })
  principals!: number | null;

  @Field(() => Int, { nullable: true })
  groups!: number | null;

  @Field(() => Int, { nullable: true })
  scopes!: number | null;

  @Field(() => Int, { nullable: true })
  resources!: number | null;

  @Field(() => Int, { nullable: true, description: 'Built-in ones too.' })
  roles!: number | null;

  @Field(() => Int, { nullable: true })
  assignments!: number | null;
}

@ObjectType({ description: 'How many a tenant has of each kind, as its limits count them.' })
export class TenantUsage {
  @Field(() => Int)
  principals!: number;

  @Field(() => Int)
  groups!: number;

  @Field(() => Int)
  scopes!: number;

  @Field(() => Int)
  resources!: number;

  @Field(() => Int)
  roles!: number;

  @Field(() => Int)
  assignments!: number;
}

@ObjectType({ description: "The caller's own tenant, which it can look into." })
export class OwnTenant extends Tenant {
  @Field(() => ID, { description: "The top of the tenant's tree of scopes." })
  rootScopeId!: string;

  @Field(() => TenantLimits, {
    description: 'What operators have set; writes past it are refused.',
  })
  limits?: TenantLimits;

  @Field(() => TenantUsage)
  usage?: TenantUsage;
}

@ObjectType({ description: 'A tenant as operators see it.' })
export class ManagedTenant extends Tenant {
  @Field(() => TenantLimits)
  limits!: TenantLimits;

  @Field(() => TenantUsage)
  usage!: TenantUsage;
}

@ObjectType({ description: 'What is left of a deleted tenant. Its id is never given to another.' })
export class DeletedTenant {
  @Field(() => ID)
  id!: string;

  @Field(() => Date, { description: 'Since then nobody is allowed anything.' })
  deletedAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When the last of its rows was gone. Null: they are still being erased.',
  })
  erasedAt!: Date | null;

  @Field(() => Int, { description: 'How many of its rows are erased by now.' })
  erasedRows!: number;
}

export const TenantConnection = connectionOf(Tenant);
export const DeletedTenantConnection = connectionOf(DeletedTenant);

@InputType()
export class TenantFilter {
  @Field(() => TenantStatus, { nullable: true })
  status?: TenantStatus | null;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the id or the name, in any case.',
  })
  search?: string | null;
}

@ObjectType({ description: 'Revision and token are those of the tenant that was changed.' })
export class TenantPayload extends MutationPayload {
  @Field(() => Tenant)
  tenant!: Tenant;
}

@ObjectType({ description: 'Revision and token are those of the tenant that was changed.' })
export class ManagedTenantPayload extends MutationPayload {
  @Field(() => ManagedTenant)
  tenant!: ManagedTenant;
}

@ObjectType({ description: 'Revision and token are the last of the tenant that was deleted.' })
export class DeletedTenantPayload extends MutationPayload {
  @Field(() => DeletedTenant)
  deletedTenant!: DeletedTenant;
}

@ObjectType()
export class OwnTenantPayload extends MutationPayload {
  @Field(() => OwnTenant)
  tenant!: OwnTenant;
}

@InputType({ description: 'A user that is active from the start and may do everything.' })
export class FirstAdministratorInput {
  @Field(() => String)
  userName!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, { description: "The `sub` of the identity provider's tokens." })
  subject!: string;
}

@InputType()
export class CreateTenantInput {
  @Field(() => ID, {
    nullable: true,
    description: "What tokens name the tenant by, such as the identity provider's organisation id.",
  })
  id?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => FirstAdministratorInput)
  admin!: FirstAdministratorInput;
}

@InputType({ description: 'What is not named stays as it is; null lifts a limit.' })
export class TenantLimitsInput {
  @Field(() => Int, { nullable: true })
  principals?: number | null;

  @Field(() => Int, { nullable: true })
  groups?: number | null;

  @Field(() => Int, { nullable: true })
  scopes?: number | null;

  @Field(() => Int, { nullable: true })
  resources?: number | null;

  @Field(() => Int, { nullable: true })
  roles?: number | null;

  @Field(() => Int, { nullable: true })
  assignments?: number | null;
}
