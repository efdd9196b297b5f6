import {
  isPermission,
  resourceKey,
  type ResourceFact,
  type ResourceReference,
} from '@bastion/policy';
import { authorize, authorizeAt } from './authorize.js';
import { endResource } from './cascade.js';
import { LIMITS, refuseSize } from './limits.js';
import {
  alreadyExists,
  notFound,
  reject,
  type Plan,
  type Rejected,
  type WriteContext,
} from './plan.js';
import { settle } from './settle.js';

/** The resource, and the scope under which it is to be. */
export type RegisterResource = ResourceFact;
export type MoveResource = ResourceFact;
export type UnregisterResource = ResourceReference;

/**
 * Asked for at the scope; where the resource is there already, nothing happens. It changes no answer
 * about the resource but one: whoever names another scope for it is denied from now on. Refused with
 * FORBIDDEN, NOT_FOUND (scope), INVALID_INPUT, ALREADY_EXISTS for one that is under another scope.
 */
export function planRegisterResource(context: WriteContext, input: RegisterResource): Plan {
  const { type, id, scopeId } = input;
  const refused = refuseReference(input) ?? authorize(context, 'resource:write', scopeId);
  if (refused) return refused;
  const found = context.before.resource(input);
  if (found?.scopeId === scopeId) return settle(context, []);
  if (found) return alreadyExists('resource', resourceKey(input));
  return settle(context, [{ type: 'resource-registered', resource: { type, id, scopeId } }]);
}

/**
 * Asked for on both ends: the resource where it is, and the scope where it goes. The assignments on it
 * go along. Refused with FORBIDDEN, NOT_FOUND (scope, resource), INVALID_INPUT; ESCALATION when grants
 * from above come to reach it or denies no longer do.
 */
export function planMoveResource(context: WriteContext, input: MoveResource): Plan {
  const { type, id, scopeId } = input;
  const refused =
    refuseUnregistered(context, input) ??
    authorizeAt(context, 'resource:write', resourceKey(input)) ??
    authorize(context, 'resource:write', scopeId);
  return refused ?? settle(context, [{ type: 'resource-moved', resource: { type, id, scopeId } }]);
}

/**
 * Takes the assignments on it along. Refused with FORBIDDEN, NOT_FOUND, INVALID_INPUT; ESCALATION when
 * a deny on it goes that the actor is under too.
 */
export function planUnregisterResource(context: WriteContext, input: UnregisterResource): Plan {
  const refused =
    refuseUnregistered(context, input) ??
    authorizeAt(context, 'resource:write', resourceKey(input));
  return refused ?? settle(context, endResource(context.before, input));
}

function refuseUnregistered(
  { before }: WriteContext,
  input: ResourceReference,
): Rejected | undefined {
  return refuseReference(input) ?? (before.resource(input) ? undefined : notFound('resource'));
}

/** A resource is of a type that permissions can name. */
function refuseReference({ type, id }: ResourceReference): Rejected | undefined {
  if (!isPermission(`${type}:*`)) {
    return reject('INVALID_INPUT', 'type takes 1 to 64 letters, digits, ".", "_" or "-".', {
      field: 'type',
    });
  }
  return refuseSize('id', id, LIMITS.resourceKeyLength - type.length - 1);
}
