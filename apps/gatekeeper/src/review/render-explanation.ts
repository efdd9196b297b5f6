import {
  resourceOfKey,
  type AccessChange as Change,
  type AccessPath as Path,
  type Limited,
} from '@bastion/policy';
import type { ExplainAnswer } from './explain.query.js';
import type { AccessChange, AccessExplanation, AccessPath } from './explanation.model.js';

/** An explanation as GraphQL shows it. */
export function renderExplanation(answer: ExplainAnswer): AccessExplanation {
  const { decision, paths, nearMisses, remedies, consistencyToken, evaluatedAt } = answer;
  return {
    allowed: decision.effect === 'ALLOW',
    reason: decision.reason,
    paths: each(paths, renderPath),
    nearMisses: each(nearMisses, ({ reason, path }) => ({ reason, path: renderPath(path) })),
    remedies: remedies && each(remedies, (changes) => ({ changes: changes.map(renderChange) })),
    consistencyToken,
    evaluatedAt,
  };
}

function each<A, B>({ items, complete }: Limited<A>, render: (item: A) => B): Limited<B> {
  return { items: items.map(render), complete };
}

function renderPath({ assignment, ...path }: Path): AccessPath {
  const last = path.scopes.at(-1);
  return {
    assignmentId: assignment.id,
    condition: assignment.condition,
    ...path,
    scopes: path.scopes.filter((id) => resourceOfKey(id) === undefined),
    resource: (last === undefined ? undefined : resourceOfKey(last)) ?? null,
  };
}

const NOTHING: Omit<AccessChange, 'kind'> = {
  assignmentId: null,
  scopeId: null,
  resource: null,
  groupId: null,
  principalId: null,
  roleId: null,
  validFrom: null,
  validUntil: null,
};

function renderChange(change: Change): AccessChange {
  if (change.kind === 'ASSIGN_ROLE') {
    const resource = resourceOfKey(change.scopeId);
    return resource
      ? { ...NOTHING, ...change, scopeId: null, resource }
      : { ...NOTHING, ...change };
  }
  if (change.kind !== 'EXTEND') return { ...NOTHING, ...change };
  const { validFrom, validUntil } = change;
  return { ...NOTHING, ...change, validFrom: dateOf(validFrom), validUntil: dateOf(validUntil) };
}

function dateOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
