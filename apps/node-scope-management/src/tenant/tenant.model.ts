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

@ObjectType({ description: "The caller's own tenant, which it can look into." })
export class OwnTenant extends Tenant {
  @Field(() => ID, { description: "The top of the tenant's tree of scopes." })
  rootScopeId!: string;
}

export const TenantConnection = connectionOf(Tenant);

@ObjectType({ description: 'Revision and token are those of the tenant that was changed.' })
export class TenantPayload extends MutationPayload {
  @Field(() => Tenant)
  tenant!: Tenant;
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
