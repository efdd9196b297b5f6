import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { PrincipalStatus as Status } from '@bastion/policy';

export const PrincipalStatus: { readonly [Name in Status]: Name } = {
  INVITED: 'INVITED',
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  DEPROVISIONED: 'DEPROVISIONED',
  ERASED: 'ERASED',
};
export type PrincipalStatus = Status;

registerEnumType(PrincipalStatus, {
  name: 'PrincipalStatus',
  description: 'Only ACTIVE principals are ever allowed anything.',
  valuesMap: {
    INVITED: { description: 'Created, and not come yet.' },
    ACTIVE: { description: 'May do what its assignments allow.' },
    SUSPENDED: { description: 'Locked or deactivated; keeps memberships and assignments.' },
    DEPROVISIONED: { description: 'Gone for good; only the history is left.' },
    ERASED: { description: 'Gone for good, and personal data with it.' },
  },
});

@ObjectType({ description: 'Who the caller is to its tenant.' })
export class Me {
  @Field(() => ID, {
    nullable: true,
    description:
      'Null when the tenant has no living principal of this subject, or is not known here.',
  })
  principalId!: string | null;

  @Field(() => String, { description: "The token's `sub`." })
  subject!: string;

  @Field(() => PrincipalStatus, { nullable: true, description: 'Null when there is no principal.' })
  status!: PrincipalStatus | null;
}

@ObjectType({ description: "How recent this replica's answers about the tenant are." })
export class SyncStatus {
  @Field(() => Int, {
    nullable: true,
    description: "Which history of the tenant: raised when the owner's database was restored.",
  })
  epoch!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The last revision applied here; null when nothing is held of the tenant.',
  })
  revision!: number | null;

  @Field(() => Boolean, {
    description: 'Whether the owner confirmed this recently enough to answer from. If not: STALE.',
  })
  fresh!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Names the revision, to be passed as `atLeast`.',
  })
  consistencyToken!: string | null;
}
