import type { AccessEvent } from '@bastion/policy';
import { authorize } from './authorize.js';
import { endAssignments, endResource } from './cascade.js';
import { LIMITS, refuseSize } from './limits.js';
import {
  alreadyExists,
  notFound,
  reject,
  type Plan,
  type Rejected,
  type WriteContext,
} from './plan.js';
import { liesWithin, subtreeBottomUp } from './scope-tree.js';
import { settle } from './settle.js';

export interface CreateScope {
  readonly id: string;
  readonly parentId: string;
  readonly type: string;
  readonly inheritsAccess: boolean;
}

export interface ChangeScope {
  readonly scopeId: string;
}

export interface MoveScope {
  readonly scopeId: string;
  /** The new parent. */
  readonly parentId: string;
}

export interface ChangeInheritance {
  readonly scopeId: string;
  readonly inheritsAccess: boolean;
}

export interface DeleteScope {
  readonly scopeId: string;
  /** Whether child scopes go too; without it they are a reason to refuse. */
  readonly recursive: boolean;
}

/** Asked for at the parent. Refused with FORBIDDEN, NOT_FOUND, INVALID_INPUT, ALREADY_EXISTS. */
export function planCreateScope(context: WriteContext, input: CreateScope): Plan {
  const { id, parentId, type, inheritsAccess } = input;
  const refused =
    authorize(context, 'scope:write', parentId) ?? refuseSize('type', type, LIMITS.scopeTypeLength);
  if (refused) return refused;
  if (context.before.scope(id)) return alreadyExists('scope', id);
  return settle(context, [
    { type: 'scope-created', scope: { id, parentId, type, inheritsAccess } },
  ]);
}

/** Changes what the scope is called, which no decision depends on. Refused with FORBIDDEN, NOT_FOUND. */
export function planChangeScope(context: WriteContext, { scopeId }: ChangeScope): Plan {
  return authorize(context, 'scope:write', scopeId) ?? settle(context, []);
}

/**
 * Asked for on both ends: the scope where it is, and its new parent. All that lies below moves
 * along. Refused with FORBIDDEN, NOT_FOUND, ROOT_SCOPE_IMMUTABLE, SCOPE_CYCLE; ESCALATION when
 * grants from above come to reach it or denies no longer do.
 */
export function planMoveScope(context: WriteContext, { scopeId, parentId }: MoveScope): Plan {
  const { before } = context;
  const scope = before.scope(scopeId);
  if (!scope) return notFound('scope');
  const refused =
    authorize(context, 'scope:write', scopeId) ?? authorize(context, 'scope:write', parentId);
  if (refused) return refused;
  if (scope.parentId === null) return rootScopeImmutable();
  // INVARIANT: no scope gets a parent from its own subtree.
  if (liesWithin(before, parentId, scopeId)) {
    return reject('SCOPE_CYCLE', 'The scope would lie within itself.', { scopeId, parentId });
  }
  return settle(context, [{ type: 'scope-moved', scope: { ...scope, parentId } }]);
}

/**
 * Cuts or restores what flows in from the parent. Refused with FORBIDDEN, NOT_FOUND,
 * ROOT_SCOPE_IMMUTABLE; ESCALATION when restoring gives what the actor lacks.
 */
export function planChangeInheritance(context: WriteContext, input: ChangeInheritance): Plan {
  const { scopeId, inheritsAccess } = input;
  const scope = context.before.scope(scopeId);
  if (!scope) return notFound('scope');
  const refused = authorize(context, 'scope:write', scopeId);
  if (refused) return refused;
  if (scope.parentId === null) return rootScopeImmutable();
  return settle(context, [
    { type: 'scope-inheritance-changed', scope: { ...scope, inheritsAccess } },
  ]);
}

/**
 * Takes the resources in it and the assignments on it, and on all below it, along. Asked for at every scope that goes: who
 * was shut out of one below does not delete it from above. Refused with FORBIDDEN, NOT_FOUND,
 * ROOT_SCOPE_IMMUTABLE, SCOPE_NOT_EMPTY.
 */
export function planDeleteScope(context: WriteContext, { scopeId, recursive }: DeleteScope): Plan {
  const { before } = context;
  const scope = before.scope(scopeId);
  if (!scope) return notFound('scope');
  const refused = authorize(context, 'scope:write', scopeId);
  if (refused) return refused;
  if (scope.parentId === null) return rootScopeImmutable();
  const children = before.childrenOf(scopeId).length;
  if (children > 0 && !recursive) {
    return reject('SCOPE_NOT_EMPTY', 'The scope has child scopes.', { children });
  }
  const events: AccessEvent[] = [];
  for (const { id } of subtreeBottomUp(before, scope)) {
    const refusedBelow = authorize(context, 'scope:write', id);
    if (refusedBelow) return refusedBelow;
    for (const resource of before.resourcesIn(id)) events.push(...endResource(before, resource));
    events.push(...endAssignments(before.assignmentsOn(id)));
    events.push({ type: 'scope-deleted', scopeId: id });
  }
  return settle(context, events);
}

function rootScopeImmutable(): Rejected {
  return reject('ROOT_SCOPE_IMMUTABLE', 'The root scope is never moved, cut or deleted.');
}
