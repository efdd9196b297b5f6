import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { orderOf } from '../graphql/order.js';

export const JobKind = { ROLE_RETIREMENT: 'ROLE_RETIREMENT' } as const;
export type JobKind = keyof typeof JobKind;

registerEnumType(JobKind, {
  name: 'BackgroundJobKind',
  valuesMap: {
    ROLE_RETIREMENT: {
      description:
        'Ends the assignments of a role that was retired. They have said nothing since then.',
    },
  },
});

@ObjectType({
  description:
    'Work that goes on in parts after the change that began it: whichever process has the time does the next part.',
})
export class BackgroundJob {
  @Field(() => ID)
  id!: string;

  @Field(() => JobKind)
  kind!: JobKind;

  @Field(() => ID, { description: 'What it is about.' })
  target!: string;

  @Field(() => Int, { description: 'How many things there were to do.' })
  total!: number;

  @Field(() => Int, { description: 'How many of them are done.' })
  done!: number;

  @Field(() => ID, { nullable: true, description: 'Null: an operator.' })
  startedBy!: string | null;

  @Field(() => Date)
  startedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null: it goes on.' })
  finishedAt!: Date | null;
}

export const BackgroundJobConnection = connectionOf(BackgroundJob);

export const BackgroundJobOrder = orderOf('BackgroundJob', { STARTED: 'In the order they began.' });
export type BackgroundJobOrderField = InstanceType<typeof BackgroundJobOrder>['field'];

@InputType()
export class BackgroundJobFilter {
  @Field(() => Boolean, { nullable: true, description: 'Only what is finished, or what goes on.' })
  finished?: boolean | null;
}
