import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import { CONTEXT_FIELD, Json, PrincipalInput, ResourceInput } from '../check/index.js';
import { DEFAULT_PAGE, MAX_PAGE } from './review-input.js';

const ABOUT = {
  nullable: true,
  description:
    'Whom it is about; the caller when left out. Asking about somebody else takes the permission ' +
    'access:check at the root of the tenant.',
} as const;
const PERMISSION = {
  description: '`resourceType:verb` such as document:read. A wildcard asks for all it covers.',
} as const;
const SCOPE = {
  nullable: true,
  description: 'A scope of the tenant. Not needed with a registered resource.',
} as const;
const RESOURCE = { nullable: true, description: 'A resource, if it is about one.' } as const;

@ArgsType()
class PageArgs {
  @Field(() => Json, CONTEXT_FIELD)
  context?: unknown;

  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE,
    description: `The longest page, at most ${MAX_PAGE}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The cursor at the end of the page before.' })
  after?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A consistency token: the first page is from that revision or a later one.',
  })
  atLeast?: string | null;
}

@ArgsType()
export class AccessibleScopesArgs extends PageArgs {
  @Field(() => PrincipalInput, ABOUT)
  principal?: PrincipalInput | null;

  @Field(() => String, PERMISSION)
  permission!: string;
}

@ArgsType()
export class AccessibleResourcesArgs extends AccessibleScopesArgs {
  @Field(() => String, { nullable: true, description: 'Only those of this type.' })
  resourceType?: string | null;
}

@ArgsType()
export class PrincipalsWithAccessArgs extends PageArgs {
  @Field(() => String, PERMISSION)
  permission!: string;

  @Field(() => ID, SCOPE)
  scopeId?: string | null;

  @Field(() => ResourceInput, RESOURCE)
  resource?: ResourceInput | null;
}

@ArgsType()
export class PermissionsOnArgs extends PageArgs {
  @Field(() => PrincipalInput, ABOUT)
  principal?: PrincipalInput | null;

  @Field(() => ID, SCOPE)
  scopeId?: string | null;

  @Field(() => ResourceInput, RESOURCE)
  resource?: ResourceInput | null;
}

@ArgsType()
export class ExplainArgs {
  @Field(() => PrincipalInput, ABOUT)
  principal?: PrincipalInput | null;

  @Field(() => String, PERMISSION)
  permission!: string;

  @Field(() => ID, SCOPE)
  scopeId?: string | null;

  @Field(() => ResourceInput, RESOURCE)
  resource?: ResourceInput | null;

  @Field(() => Json, CONTEXT_FIELD)
  context?: unknown;

  @Field(() => Date, { nullable: true, description: 'For when to answer; for now when left out.' })
  at?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'A consistency token: answered from that revision or a later one.',
  })
  atLeast?: string | null;
}
