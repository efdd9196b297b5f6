import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { Json } from '../graphql/json.scalar.js';
import { orderOf } from '../graphql/order.js';

export const AuditActorKind = { PRINCIPAL: 'PRINCIPAL', OPERATOR: 'OPERATOR' } as const;
export type AuditActorKind = keyof typeof AuditActorKind;

registerEnumType(AuditActorKind, {
  name: 'AuditActorKind',
  description: "PRINCIPAL: one of the tenant's own. OPERATOR: whoever runs the platform.",
});

@ObjectType()
export class AuditActor {
  @Field(() => AuditActorKind)
  kind!: AuditActorKind;

  @Field(() => ID, { nullable: true, description: 'Null for an operator.' })
  principalId!: string | null;
}

@ObjectType({ description: "One entry of the tenant's audit chain; nothing ever changes it." })
export class AuditEntry {
  @Field(() => ID)
  id!: string;

  @Field(() => Int, { description: 'Gapless, from 1.' })
  sequence!: number;

  @Field(() => Date, { description: 'Never before that of an earlier entry.' })
  occurredAt!: Date;

  @Field(() => String, { description: 'What was done, such as assign-role.' })
  operation!: string;

  @Field(() => ID, { description: 'What it was done to.' })
  target!: string;

  @Field(() => AuditActor)
  actor!: AuditActor;

  @Field(() => Json, {
    description: 'Where it came from: subject, issuer and request, or operator.',
  })
  origin!: Record<string, string>;

  @Field(() => String)
  outcome!: string;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => Int, { nullable: true })
  epoch!: number | null;

  @Field(() => Int, { nullable: true, description: "The tenant's revision with this entry." })
  revision!: number | null;

  @Field(() => [Json], { description: 'What happened, each with the fact as it was before.' })
  changes!: unknown[];

  @Field(() => String, { description: 'SHA-256 of the entry before; empty for the first.' })
  previousHash!: string;

  @Field(() => String, { description: 'SHA-256 of the entry with its place in the chain.' })
  hash!: string;
}

export const AuditEntryConnection = connectionOf(AuditEntry);

export const AuditEntryOrder = orderOf('AuditEntry', { SEQUENCE: 'In the order of the chain.' });
export type AuditEntryOrderField = InstanceType<typeof AuditEntryOrder>['field'];

@InputType()
export class AuditEntryFilter {
  @Field(() => String, { nullable: true, description: 'What was done, such as assign-role.' })
  operation?: string | null;

  @Field(() => ID, { nullable: true, description: 'What it was done to.' })
  target?: string | null;

  @Field(() => ID, { nullable: true, description: 'Who did it.' })
  principalId?: string | null;

  @Field(() => Date, { nullable: true, description: 'Inclusive.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Exclusive.' })
  until?: Date | null;
}
