import { Field, ID, ObjectType } from '@nestjs/graphql';
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
