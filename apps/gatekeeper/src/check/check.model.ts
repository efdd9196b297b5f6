import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ATTRIBUTE_LIMITS, MAX_CHAIN_LENGTH, type DenyReason, type Reason } from '@bastion/policy';
import { Json } from './json.scalar.js';

/** What each reason says, for the schema. */
const DENIALS: Record<DenyReason, string> = {
  NO_TENANT: 'There is no such tenant.',
  TENANT_SUSPENDED: 'The tenant is suspended: nobody is allowed anything.',
  UNKNOWN_PRINCIPAL: 'The tenant has no such user or service account.',
  PRINCIPAL_INACTIVE: 'The principal is not ACTIVE.',
  UNKNOWN_SCOPE:
    'The tenant has no such scope, or none was named for a resource that is not registered.',
  RESOURCE_SCOPE_MISMATCH:
    'The question names two scopes that differ, or another than the resource is registered under.',
  NO_ASSIGNMENT: 'No role assignment comes near to giving the permission.',
  INHERITANCE_CUT:
    'An assignment would give it, but a scope on the way down does not inherit access.',
  EXPIRED: 'An assignment gave it, and is no longer valid.',
  NOT_YET_VALID: 'An assignment will give it, and is not valid yet.',
  CONDITION_FALSE:
    'An assignment would give it, but its condition is not true of the request, or cannot be told.',
  DENIED_BY: 'A deny assignment applies; a deny always wins.',
  STALE: 'What is known here is not known to be recent enough to answer from. Ask again shortly.',
  QUARANTINED: "The tenant's data cannot be read here; operators are informed.",
  EVALUATION_ERROR: 'The evaluation failed; nothing becomes allowed by failing.',
};

const REASONS: Record<Reason, string> = { ALLOWED_BY: 'An assignment gives it.', ...DENIALS };

/** Why the answer is what it is. */
export const CheckReason = Object.fromEntries(
  Object.keys(REASONS).map((reason) => [reason, reason]),
) as { readonly [Name in Reason]: Name };
export type CheckReason = Reason;

registerEnumType(CheckReason, {
  name: 'CheckReason',
  description: 'Why a check allows or denies.',
  valuesMap: Object.fromEntries(
    Object.entries(REASONS).map(([reason, description]) => [reason, { description }]),
  ),
});

@InputType({ isOneOf: true, description: 'A user or service account of the tenant.' })
export class PrincipalInput {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  id?: string;

  @Field(() => String, {
    nullable: true,
    description: "What the identity provider's tokens carry in `sub` for it.",
  })
  subject?: string;
}

@InputType({
  description:
    'A resource of the callers’ own. It is a child of the scope under which it is registered, or else ' +
    'of the one that the question names.',
})
export class ResourceInput {
  @Field(() => String, { description: 'As permissions name it, such as document.' })
  type!: string;

  @Field(() => String, { description: 'The callers’ own id of it.' })
  id!: string;
}

export const CONTEXT_FIELD = {
  nullable: true,
  description:
    'What conditions of assignments may look at as `context`: an object, at most ' +
    `${ATTRIBUTE_LIMITS.depth} deep, of at most ${ATTRIBUTE_LIMITS.values} values and ` +
    `${ATTRIBUTE_LIMITS.totalLength} characters, ${ATTRIBUTE_LIMITS.textLength} in one text. Taken as it ` +
    'is: the caller answers for it.',
} as const;

@InputType({ description: 'May this principal do this in this scope, or on this resource?' })
export class CheckInput {
  @Field(() => PrincipalInput, {
    nullable: true,
    description:
      'Whom it is about; the caller when left out. Asking about somebody else takes the permission ' +
      'access:check at the root of the tenant.',
  })
  principal?: PrincipalInput | null;

  @Field(() => [PrincipalInput], {
    nullable: true,
    description:
      'Those who act on behalf of the principal, such as a service or an AI agent, nearest first; each ' +
      `must be allowed too. At most ${MAX_CHAIN_LENGTH - 1}. The caller is among them only if named, and ` +
      'naming anybody else takes access:check as well.',
  })
  actors?: PrincipalInput[] | null;

  @Field(() => String, {
    description: '`resourceType:verb` such as document:read. A wildcard asks for all it covers.',
  })
  permission!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Where: a scope of the tenant. Not needed with a registered resource.',
  })
  scopeId?: string | null;

  @Field(() => ResourceInput, { nullable: true, description: 'On what, if it is a resource.' })
  resource?: ResourceInput | null;

  @Field(() => Json, CONTEXT_FIELD)
  context?: unknown;

  @Field(() => String, {
    nullable: true,
    description:
      'A consistency token, as writes and checks return it: the answer is from that revision or a ' +
      'later one. If that is not known here soon enough, the answer is STALE.',
  })
  atLeast?: string | null;
}

@ObjectType({ description: 'The answer to a check.' })
export class CheckResult {
  @Field(() => Boolean, { description: 'The decision. Anything but a clear yes is a no.' })
  allowed!: boolean;

  @Field(() => CheckReason, { description: 'Why.' })
  reason!: CheckReason;

  @Field(() => [ID], {
    description:
      'The role assignments that explain the decision: all that allow, all that deny, or the nearest ' +
      'misses that share the reason. Empty where no assignment has a part in it. With actors: those ' +
      'that allow each of them, or those of the one who was denied.',
  })
  assignmentIds!: readonly string[];

  @Field(() => ID, {
    nullable: true,
    description:
      'Who was denied: the first of the principal and its actors that is not allowed. Null when all ' +
      'are allowed, when the tenant does not know that one, and when the no is about nobody in particular.',
  })
  deniedPrincipalId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Names the revision it was answered from; null when nothing here was fresh enough.',
  })
  consistencyToken!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether it was decided from what may be outdated, as the stale mode SERVE of the tenant lets ' +
      'it be in an outage. What rests on privileged roles alone is denied then, with STALE.',
  })
  stale!: boolean;

  @Field(() => Date, { description: "When it was decided, by the server's clock." })
  evaluatedAt!: Date;
}
