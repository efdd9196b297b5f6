import { MANUAL } from '@bastion/access';
import { Field, InputType, ObjectType } from '@nestjs/graphql';

const CONNECTION =
  'The identity connection that calls it so, such as `scim:entra`, or `manual`: an administrator does.';
const EXTERNAL_ID = 'Compared as it is; in its connection and kind it names one thing.';

@ObjectType({ description: 'What an identity connection calls something.' })
export class ExternalId {
  @Field(() => String, { description: CONNECTION })
  connection!: string;

  @Field(() => String, { description: EXTERNAL_ID })
  externalId!: string;
}

@InputType()
export class ExternalIdInput {
  @Field(() => String, { defaultValue: MANUAL, description: CONNECTION })
  connection!: string;

  @Field(() => String, { description: EXTERNAL_ID })
  externalId!: string;
}
