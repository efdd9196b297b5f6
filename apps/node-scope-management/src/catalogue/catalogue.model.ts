import { LIMITS } from '@bastion/access';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';

export const CatalogueOrigin = { CODE: 'CODE', PLATFORM: 'PLATFORM', TENANT: 'TENANT' } as const;
export type CatalogueOrigin = keyof typeof CatalogueOrigin;

registerEnumType(CatalogueOrigin, {
  name: 'CatalogueOrigin',
  valuesMap: {
    CODE: { description: 'It comes with the project.' },
    PLATFORM: { description: "A service of the platform's, for every tenant." },
    TENANT: { description: "A service of the tenant's own." },
  },
});

const DEPRECATED = 'The service does not know it any more; roles may still name it.';

@ObjectType({ description: 'What can be done to resources of a type: the permission `type:name`.' })
export class ResourceVerb {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => Boolean, { description: DEPRECATED })
  deprecated!: boolean;
}

@ObjectType({ description: 'A type of resources that roles can have permissions for.' })
export class ResourceType {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'As permissions name it.' })
  type!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [ResourceVerb])
  verbs!: ResourceVerb[];

  @Field(() => Boolean, { description: DEPRECATED })
  deprecated!: boolean;

  @Field(() => CatalogueOrigin)
  origin!: CatalogueOrigin;

  @Field(() => ID, {
    nullable: true,
    description: "The principal of the tenant's own that registered it; null: nobody of it.",
  })
  registeredBy!: string | null;
}

export const ResourceTypeConnection = connectionOf(ResourceType);

export const ResourceTypeOrder = orderOf('ResourceType', { TYPE: 'By type, in any case.' });
export type ResourceTypeOrderField = InstanceType<typeof ResourceTypeOrder>['field'];

@InputType()
export class ResourceTypeFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the type or the description, in any case.',
  })
  search?: string | null;

  @Field(() => CatalogueOrigin, { nullable: true })
  origin?: CatalogueOrigin | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only what is deprecated, or only the rest.',
  })
  deprecated?: boolean | null;
}

@InputType()
export class ResourceVerbInput {
  @Field(() => String, { description: 'Letters, digits, ".", "_" and "-", at most 64.' })
  name!: string;

  @Field(() => String, { defaultValue: '' })
  description!: string;
}

@InputType()
export class ResourceTypeInput {
  @Field(() => String, { description: 'Letters, digits, ".", "_" and "-", at most 64.' })
  type!: string;

  @Field(() => String, { defaultValue: '' })
  description!: string;

  @Field(() => [ResourceVerbInput], { description: `1 to ${LIMITS.verbsPerType}.` })
  verbs!: ResourceVerbInput[];
}

@ObjectType()
export class CataloguePayload extends MutationPayload {
  @Field(() => Int, {
    description: 'How often the caller has registered something else than it had before.',
  })
  version!: number;

  @Field(() => [ResourceType], { description: 'All that is registered by the caller now.' })
  resourceTypes!: ResourceType[];
}
