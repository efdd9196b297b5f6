import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { Versioned } from '../graphql/versioned.js';

@ObjectType({ description: "A node of the tenant's tree: what roles are assigned on." })
export class Scope extends Versioned {
  @Field(() => ID)
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Null: the root.' })
  parentId!: string | null;

  @Field(() => String, { description: 'What it is, such as workspace or folder.' })
  type!: string;

  @Field(() => String, { description: 'Unique among the scopes of the same parent.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether access flows in from the parent.' })
  inheritsAccess!: boolean;

  @Field(() => String, { nullable: true, description: 'What others call it; unique among scopes.' })
  externalId!: string | null;
}

export const ScopeConnection = connectionOf(Scope);

export const ScopeOrder = orderOf('Scope', {
  CREATED: 'In the order of creation.',
  NAME: 'By name, in any case.',
});
export type ScopeOrderField = InstanceType<typeof ScopeOrder>['field'];

@ObjectType()
export class ScopePayload extends MutationPayload {
  @Field(() => Scope, {
    nullable: true,
    description: 'Null only when the scope of a retried change has been deleted since.',
  })
  scope!: Scope | null;
}

@ObjectType()
export class ScopesPayload extends MutationPayload {
  @Field(() => [Scope], {
    nullable: 'items',
    description:
      'Where the paths lead, one for each in their order. Null only for what has been deleted since.',
  })
  scopes!: (Scope | null)[];
}

@ObjectType()
export class ScopeDeletionPayload extends MutationPayload {
  @Field(() => ID)
  scopeId!: string;
}

@InputType()
export class CreateScopeInput {
  @Field(() => ID)
  parentId!: string;

  @Field(() => String, { description: 'What it is, such as workspace or folder.' })
  type!: string;

  @Field(() => String, { description: 'Unique among the scopes of the same parent.' })
  name!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether access flows in from the parent.',
  })
  inheritsAccess!: boolean;
}

@InputType({ description: 'What is left out stays as it is.' })
export class ChangeScopeInput {
  @Field(() => ID)
  scopeId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Null takes it away.' })
  externalId?: string | null;
}

@InputType()
export class CreateScopesByPathInput {
  @Field(() => [String], {
    description:
      'At most 500, each the names from right below the root down, such as /Research/Reports.',
  })
  paths!: string[];

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether access flows into what is created; what is there stays as it is.',
  })
  inheritsAccess!: boolean;

  @Field(() => [String], {
    nullable: true,
    description:
      'The types of what is created, by level from right below the root down; the last is that of all deeper ones. By default folder.',
  })
  types?: string[] | null;
}

@InputType()
export class ScopeFilter {
  @Field(() => ID, { nullable: true, description: 'Only the direct children of this scope.' })
  parentId?: string | null;

  @Field(() => String, { nullable: true, description: 'A part of the name, in any case.' })
  search?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only what lies below this scope, however deep.',
  })
  underId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those of this type.' })
  type?: string | null;

  @Field(() => String, { nullable: true, description: 'Only the one that others call this.' })
  externalId?: string | null;
}
