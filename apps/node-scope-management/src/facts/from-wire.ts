import type { AccessEventV1 } from '@bastion/contracts';
import { assignmentToEveryone } from '@bastion/platform';
import type { AccessEvent } from '@bastion/policy';

type Unversioned<Type> = Type extends `${infer Name}.v${1 | 2}` ? Name : never;

/** What an event says, in the terms of the domain; the way back of `toWire`. */
export function eventFromWire(wire: AccessEventV1): AccessEvent {
  if (wire.type === 'role-assigned.v3') {
    return { type: 'role-assigned', assignment: assignmentToEveryone(wire.assignment) };
  }
  const { type: wireType, ...content } = wire;
  // The types say that every wire event is one of the domain; a new one fails here.
  const type: AccessEvent['type'] = wireType.slice(0, -'.v1'.length) as Unversioned<
    typeof wireType
  >;
  return { ...content, type } as AccessEvent;
}
