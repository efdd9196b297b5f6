import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CheckReason } from '../check/index.js';
import { ResourceReference } from './access-list.model.js';

/** Kinds of a change, with what each does. */
const CHANGES = {
  REMOVE_DENY: 'Take the deny assignment away.',
  EXTEND: 'Let the assignment be valid over these bounds.',
  LIFT_CONDITION: 'Let the assignment count without its condition.',
  INHERIT: 'Let the scope inherit access from its parent.',
  JOIN_GROUP: 'Make the principal a member of the group.',
  ASSIGN_ROLE: 'Assign the role to the principal in the scope, or on the resource.',
} as const;

/** What a suggested change does. */
export const AccessChangeKind = Object.fromEntries(
  Object.keys(CHANGES).map((kind) => [kind, kind]),
) as { readonly [Kind in keyof typeof CHANGES]: Kind };
export type AccessChangeKind = keyof typeof CHANGES;

registerEnumType(AccessChangeKind, {
  name: 'AccessChangeKind',
  description: 'What a suggested change does.',
  valuesMap: Object.fromEntries(
    Object.entries(CHANGES).map(([kind, description]) => [kind, { description }]),
  ),
});

@ObjectType({ description: 'How one assignment comes to speak about a question.' })
export class AccessPath {
  @Field(() => ID, { description: 'The assignment.' })
  assignmentId!: string;

  @Field(() => [ID], {
    description:
      'The principal, then groups, each a member of the next, up to the one that holds the ' +
      'assignment: the shortest such way.',
  })
  members!: readonly string[];

  @Field(() => [ID], {
    description: 'The assigned role, then roles, each included in the one before.',
  })
  roles!: readonly string[];

  @Field(() => String, {
    description: 'What the last of the roles names: it covers what was asked.',
  })
  permission!: string;

  @Field(() => [ID], {
    description:
      'The assigned scope, then scopes, each a child of the one before, to the asked one. Empty where ' +
      'a resource itself is assigned.',
  })
  scopes!: readonly string[];

  @Field(() => ResourceReference, {
    nullable: true,
    description: 'The asked resource, in the last of the scopes; null: a scope was asked about.',
  })
  resource!: ResourceReference | null;

  @Field(() => [ID], {
    description:
      'Those of the scopes that do not inherit access. A deny and a piercing role have passed them; ' +
      'they are what an INHERITANCE_CUT is about.',
  })
  cuts!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description:
      'The condition of the assignment, in CEL; null: none. It is what a CONDITION_FALSE is about.',
  })
  condition!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the condition cannot be told, such as what is missing in the context; null: it can. Where ' +
      'it cannot, an ALLOW does not count and a DENY does.',
  })
  conditionProblem!: string | null;
}

@ObjectType({ description: 'An assignment that one thing alone keeps from allowing.' })
export class NearMiss {
  @Field(() => CheckReason, { description: 'What keeps it from allowing.' })
  reason!: CheckReason;

  @Field(() => AccessPath, { description: 'How it would allow.' })
  path!: AccessPath;
}

@ObjectType({ description: 'A change of who may do what. What its kind does not need is null.' })
export class AccessChange {
  @Field(() => AccessChangeKind, { description: 'What it does.' })
  kind!: AccessChangeKind;

  @Field(() => ID, { nullable: true, description: 'The assignment that is changed.' })
  assignmentId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The scope that is changed or assigned in.' })
  scopeId!: string | null;

  @Field(() => ResourceReference, {
    nullable: true,
    description: 'The resource that is assigned on.',
  })
  resource!: ResourceReference | null;

  @Field(() => ID, { nullable: true, description: 'The group to join.' })
  groupId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Who joins, or is assigned the role.' })
  principalId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The role to assign.' })
  roleId!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'From when it must be valid; null: from ever.',
  })
  validFrom!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until when; null: for ever.' })
  validUntil!: Date | null;
}

@ObjectType({ description: 'Changes that together, and not without one of them, allow it.' })
export class Remedy {
  @Field(() => [AccessChange], { description: 'In no particular order.' })
  changes!: readonly AccessChange[];
}

@ObjectType({ description: 'Paths, or as many of them as are shown.' })
export class AccessPathList {
  @Field(() => [AccessPath], { description: 'By id of the assignment.' })
  items!: readonly AccessPath[];

  @Field(() => Boolean, { description: 'Whether these are all.' })
  complete!: boolean;
}

@ObjectType({ description: 'Near misses, or as many of them as are shown.' })
export class NearMissList {
  @Field(() => [NearMiss], { description: 'By reason, then by id of the assignment.' })
  items!: readonly NearMiss[];

  @Field(() => Boolean, { description: 'Whether these are all.' })
  complete!: boolean;
}

@ObjectType({ description: 'Remedies, or as many of them as are shown.' })
export class RemedyList {
  @Field(() => [Remedy], { description: 'The smallest of each kind first.' })
  items!: readonly Remedy[];

  @Field(() => Boolean, { description: 'Whether these are all.' })
  complete!: boolean;
}

@ObjectType({
  description: 'Why a check is answered as it is. Not to be enforced: ask for a check.',
})
export class AccessExplanation {
  @Field(() => Boolean, { description: 'The decision.' })
  allowed!: boolean;

  @Field(() => CheckReason, { description: 'Why, in a word.' })
  reason!: CheckReason;

  @Field(() => AccessPathList, {
    description: 'How each assignment that allows, or that denies, comes to count.',
  })
  paths!: AccessPathList;

  @Field(() => NearMissList, { description: 'With a no: what nearly allows.' })
  nearMisses!: NearMissList;

  @Field(() => RemedyList, {
    nullable: true,
    description:
      'With a no: what would turn it into a yes, as far as an assignment can. null for callers ' +
      'without the permission access:check at the root of the tenant.',
  })
  remedies!: RemedyList | null;

  @Field(() => String, { description: 'Names the revision it was answered from.' })
  consistencyToken!: string;

  @Field(() => Date, { description: 'For when it is.' })
  evaluatedAt!: Date;
}
