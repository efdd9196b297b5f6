import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { AssignedResource } from '../assignment/index.js';
import { Effect, Reach } from '../generated/prisma/enums.js';
import { connectionOf } from '../graphql/connection.js';
import { ResourceInput } from '../resource/index.js';
import { ServiceAccount } from '../service-account/index.js';
import { User } from '../user/index.js';

@ObjectType({ description: 'Whoever asks: a user or a service account.' })
export class Me {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => User, { nullable: true })
  user!: User | null;

  @Field(() => ServiceAccount, { nullable: true })
  serviceAccount!: ServiceAccount | null;
}

@ObjectType({ description: 'A group on the way from whoever asks.' })
export class GroupOnTheWay {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType({
  description: 'A group that contains whoever asks; who else is in it is not said here.',
})
export class MyGroup {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [GroupOnTheWay], {
    description: 'From the nearest group to this one; this one alone: a direct member.',
  })
  way!: GroupOnTheWay[];
}

export const MyGroupConnection = connectionOf(MyGroup);

@ObjectType({ description: 'A role that whoever asks has, or is denied, somewhere.' })
export class MyAssignment {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  roleId!: string;

  @Field(() => String)
  roleName!: string;

  @Field(() => ID, { nullable: true, description: 'Null: it is on a resource.' })
  scopeId!: string | null;

  @Field(() => String, { nullable: true })
  scopeName!: string | null;

  @Field(() => AssignedResource, { nullable: true, description: 'Null: it is on a scope.' })
  resource!: AssignedResource | null;

  @Field(() => Reach)
  reach!: Reach;

  @Field(() => Effect)
  effect!: Effect;

  @Field(() => Date, { nullable: true, description: 'Inclusive.' })
  validFrom!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Exclusive.' })
  validUntil!: Date | null;

  @Field(() => Boolean, { description: 'Whether it counts now, as far as time goes.' })
  isValid!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'In CEL: it counts only where this is true of the request.',
  })
  condition!: string | null;

  @Field(() => [GroupOnTheWay], {
    description: 'The groups by which it reaches whoever asks, the nearest first; none: directly.',
  })
  way!: GroupOnTheWay[];
}

@ArgsType()
export class MyAccessArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'A scope. Not needed with a registered resource; neither: the root.',
  })
  scopeId?: string | null;

  @Field(() => ResourceInput, { nullable: true, description: 'A resource, if it is about one.' })
  resource?: ResourceInput | null;
}
