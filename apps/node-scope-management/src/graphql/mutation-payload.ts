import { ArgsType, Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

/** What the answer of a mutation waits for. */
export enum WriteAwait {
  COMMITTED = 'COMMITTED',
  APPLIED = 'APPLIED',
}

registerEnumType(WriteAwait, {
  name: 'WriteAwait',
  description: 'What the answer of a mutation waits for.',
  valuesMap: {
    COMMITTED: { description: 'The change is committed; it is enforced moments later.' },
    APPLIED: {
      description:
        'The change is enforced everywhere: every replica that holds a lease has applied it, or its lease has run out (after that, a tenant that chose to be served stale is told so with each answer).',
    },
  },
});

/** What every mutation answers beside the thing it changed. */
@ObjectType({ isAbstract: true })
export abstract class MutationPayload {
  @Field(() => Int, { description: "The tenant's revision that holds the change." })
  revision!: number;

  @Field(() => String, {
    description: 'Hand it to a check as `atLeast` to be answered from this change or later.',
  })
  consistencyToken!: string;

  @Field(() => Date, {
    nullable: true,
    description:
      'With `await: APPLIED`, when the change was known to be enforced everywhere. Null: not waited for, or not known within 30 seconds; it is committed all the same.',
  })
  appliedAt?: Date | null;
}

/** What every mutation takes beside what it is about. */
@ArgsType()
export class IdempotencyArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'A retry with the same key and input is done once and answered alike, for 24 hours.',
  })
  idempotencyKey?: string | null;

  @Field(() => WriteAwait, { defaultValue: WriteAwait.COMMITTED })
  await: WriteAwait = WriteAwait.COMMITTED;
}

/** What a mutation takes that changes something there is already, or takes it away. */
@ArgsType()
export class ChangeArgs extends IdempotencyArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Why; kept in the audit for good, so name nobody in it who may ask to be forgotten.',
  })
  reason?: string | null;
}

/** What a mutation takes that changes something which has a version. */
@ArgsType()
export class VersionedChangeArgs extends ChangeArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that the change is meant for: VERSION_MISMATCH refuses it once there is a later one.',
  })
  expectedVersion?: number | null;
}
