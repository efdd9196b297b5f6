import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { PrincipalStatus as Status, StaleMode as Mode } from '@bastion/policy';

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

export const StaleMode: { readonly [Name in Mode]: Name } = { DENY: 'DENY', SERVE: 'SERVE' };
export type StaleMode = Mode;

registerEnumType(StaleMode, {
  name: 'StaleMode',
  description: 'What becomes of checks when it cannot be confirmed that nothing has changed.',
  valuesMap: {
    DENY: { description: 'They are denied, with STALE.' },
    SERVE: {
      description:
        'What is allowed by roles that are not privileged is still allowed for a while, and marked stale.',
    },
  },
});

export const Standing = { FRESH: 'FRESH', SERVABLE: 'SERVABLE', STALE: 'STALE' } as const;
export type Standing = keyof typeof Standing;

registerEnumType(Standing, {
  name: 'Standing',
  description: 'What may be answered from what is held here of a tenant.',
  valuesMap: {
    FRESH: { description: 'Everything: the owner confirmed it recently enough.' },
    SERVABLE: {
      description: 'What is not privileged, marked stale: so the tenant wants it in an outage.',
    },
    STALE: { description: 'Nothing.' },
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

  @Field(() => Boolean, { description: 'Whether this may be outdated; see StaleMode.' })
  stale!: boolean;
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

  @Field(() => Standing, { description: 'What may be answered at this moment.' })
  standing!: Standing;

  @Field(() => StaleMode, {
    nullable: true,
    description: 'What the tenant chose for outages, as far as is known here; null: nothing is.',
  })
  staleMode!: StaleMode | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how long after the last confirmation SERVE holds; 0 with DENY.',
  })
  maxStaleSeconds!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Names the revision, to be passed as `atLeast`.',
  })
  consistencyToken!: string | null;
}
