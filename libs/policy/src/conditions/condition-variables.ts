import type { DecisionRequest } from '../decision.js';
import { resourceKey } from '../resource-key.js';
import type { TenantTables } from '../tenant-tables.js';
import { flawOfAttributes, type Attributes, type JsonValue } from './attributes.js';
import type { ConditionVariables } from './compile-condition.js';

/**
 * What a condition may look at, all of it of the request that is decided: not of the assignment, so
 * that one condition has one outcome in a decision, and not the time, for which there is validity.
 * Throws for what is past ATTRIBUTE_LIMITS.
 */
export function conditionVariables(
  tables: TenantTables,
  { principalId, permission, scopeId, resource, context = {} }: DecisionRequest,
): ConditionVariables {
  const { attributes = {}, principalProperties = {}, actionProperties = {} } = context;
  const { kind } = tables.principals.get(principalId)!;
  const registered = resource && tables.resources.get(resourceKey(resource));
  // As `pathFrom` found it: the scope that is asked about, or that a resource is in.
  const scope = tables.scopes.get((registered?.scopeId ?? scopeId)!)!;
  const properties = within(context.resourceProperties ?? {});
  return new Map<string, unknown>([
    ['principal', mapOf({ id: principalId, kind, properties: within(principalProperties) })],
    ['action', mapOf({ permission, properties: within(actionProperties) })],
    ['scope', mapOf({ id: scope.id, type: scope.type })],
    ['resource', mapOf({ ...(resource && { type: resource.type, id: resource.id }), properties })],
    ['context', mapOf(within(attributes))],
  ]);
}

/** INVARIANT: nothing is evaluated over more than the limits, whoever sent it by whatever way. */
function within(attributes: Attributes): Attributes {
  const flaw = flawOfAttributes(attributes);
  if (flaw !== undefined) throw new RangeError(`what was sent is no context: ${flaw}`);
  return attributes;
}

/** INVARIANT: maps, never objects: what was sent as `constructor` or `__proto__` is a name like any. */
function mapOf(attributes: Attributes): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(attributes).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: JsonValue): unknown {
  if (isList(value)) return value.map(valueOf);
  return typeof value === 'object' && value !== null ? mapOf(value) : value;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
