import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { Versioned } from '../graphql/versioned.js';

@InputType({ description: 'Anything of the callers’ own, such as a document.' })
export class ResourceInput {
  @Field(() => String, { description: 'As permissions name it, such as document.' })
  type!: string;

  @Field(() => String, { description: 'Your own id of it; together with its type unique.' })
  id!: string;
}

@ObjectType({
  description:
    'A resource registered under a scope: what reaches the scope with its subtree reaches it, and it can hold assignments of its own.',
})
export class Resource extends Versioned {
  @Field(() => String)
  type!: string;

  @Field(() => String)
  id!: string;

  @Field(() => ID)
  scopeId!: string;
}

export const ResourceConnection = connectionOf(Resource);

@ObjectType()
export class ResourcePayload extends MutationPayload {
  @Field(() => Resource, {
    nullable: true,
    description: 'Null only when the resource of a retried change has been unregistered since.',
  })
  resource!: Resource | null;
}

@ObjectType()
export class ResourceUnregistrationPayload extends MutationPayload {
  @Field(() => String)
  type!: string;

  @Field(() => String)
  id!: string;
}

@InputType()
export class ResourceFilter {
  @Field(() => ID, { nullable: true, description: 'Only those registered under this scope.' })
  scopeId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those of this type.' })
  type?: string | null;
}
