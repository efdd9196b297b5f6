import type { ChangedFact as Changed, ChangedKind as Kind } from '@bastion/policy';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';

const KINDS: Record<Kind, string> = {
  TENANT: 'The tenant itself: its status, or its stale mode.',
  PRINCIPAL: 'A user or a service account.',
  GROUP: 'A group.',
  MEMBERSHIP: 'Who is in a group.',
  SCOPE: 'A scope.',
  RESOURCE: 'A registered resource.',
  ROLE: 'A role.',
  ASSIGNMENT: 'A role assignment.',
};

/** What there is to be changed that decisions depend on. */
const ChangedKind = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, kind]));

registerEnumType(ChangedKind, {
  name: 'ChangedKind',
  description: 'What there is to be changed that decisions depend on.',
  valuesMap: Object.fromEntries(
    Object.entries(KINDS).map(([kind, description]) => [kind, { description }]),
  ),
});

@ObjectType({
  description: 'Something that was made, changed or ended. Whoever shows it reads it anew.',
})
export class ChangedFact implements Changed {
  @Field(() => ChangedKind, { description: 'What it is.' })
  kind!: Kind;

  @Field(() => ID, {
    nullable: true,
    description:
      'Its id; of a membership that of the group, of a resource the callers’ own. Null: the tenant.',
  })
  id!: string | null;

  @Field(() => ID, { nullable: true, description: 'Of a membership: whose.' })
  memberId?: string;

  @Field(() => String, { nullable: true, description: 'Of a resource: its type.' })
  resourceType?: string;
}
