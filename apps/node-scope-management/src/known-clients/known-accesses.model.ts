import { ArgsType, Field, InputType } from '@nestjs/graphql';
import { AccessType, EntityType } from './known-scopes.model.js';

@InputType()
export class ScopeAccessChangeDto {
  @Field(() => AccessType)
  accessType!: AccessType;

  @Field(() => String)
  entityId!: string;

  @Field(() => EntityType)
  entityType!: EntityType;
}

@ArgsType()
export class ScopeAccessesArgs {
  @Field(() => String)
  scopeId!: string;

  @Field(() => [ScopeAccessChangeDto])
  scopeAccesses!: ScopeAccessChangeDto[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'When given: whether it reaches what lies below and inherits access. When taken: nothing, as both reaches are.',
  })
  applyToSubScopes?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Nothing: there are no accesses of files that anything is propagated to.',
  })
  skipFileAccessPropagation?: boolean | null;
}
