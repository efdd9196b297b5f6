import type { AccessEventV1 } from '@bastion/contracts';
import type { AccessEvent } from '@bastion/policy';

type Unversioned<Type> = Type extends `${infer Name}.v${1 | 2}` ? Name : never;

/** What an event says, in the terms of the domain; the way back of `toWire`. */
export function eventFromWire({ type: wireType, ...content }: AccessEventV1): AccessEvent {
  // The types say that every wire event is one of the domain; a new one fails here.
  const type: AccessEvent['type'] = wireType.slice(0, -'.v1'.length) as Unversioned<
    typeof wireType
  >;
  return { ...content, type } as AccessEvent;
}
