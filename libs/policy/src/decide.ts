import type { ConditionOutcome, ConditionVariables } from './conditions/compile-condition.js';
import { conditionVariables } from './conditions/condition-variables.js';
import type { Decision, DecisionRequest, DenyReason, Reason, TimeInterval } from './decision.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import { ASSIGNMENTS, PRINCIPALS, validFromOf, validUntilOf } from './layouts.js';
import { isPermission } from './permission.js';
import type { RolesHolding } from './permission-holders.js';
import { pathFrom, reachAlong, type ScopePath } from './scope-path.js';
import type { Snapshot } from './snapshot.js';
import { NOTHING } from './tables/hash-pages.js';
import type { Relation } from './tables/relation.js';
import { startHolders, type TenantTables } from './tenant-tables.js';
import { isValidSomewhere, validityThroughout } from './validity.js';

/**
 * What one assignment says to a request, the first of these that any says being the answer.
 * INVARIANT: DENIED_BY stands first: deny wins, always.
 *
 * The last four are the nearest misses: an ALLOW that one thing alone keeps from counting, first
 * what other circumstances of the request change, then what will pass by waiting, then what has
 * passed, then what the tree of scopes keeps out. What two things keep from counting is no near miss.
 */
const PRECEDENCE = [
  'DENIED_BY',
  'ALLOWED_BY',
  'CONDITION_FALSE',
  'NOT_YET_VALID',
  'EXPIRED',
  'INHERITANCE_CUT',
] as const satisfies readonly Reason[];

/**
 * Whether the snapshot allows the request, and why. Reasons are found in this order:
 * EVALUATION_ERROR for a request that is no question (not a permission, not an interval),
 * NO_TENANT for a tenant that was deleted, TENANT_SUSPENDED, UNKNOWN_PRINCIPAL, PRINCIPAL_INACTIVE,
 * UNKNOWN_SCOPE or RESOURCE_SCOPE_MISMATCH, then those of `PRECEDENCE`, then NO_ASSIGNMENT.
 *
 * A wildcard asks for everything it covers: one ALLOW must contain it all, and a DENY of any part
 * of it denies.
 *
 * Never throws: an error denies, with EVALUATION_ERROR and the error for the log.
 */
export function decide(snapshot: Snapshot, request: DecisionRequest): Decision {
  try {
    return evaluate(IndexedSnapshot.tablesOf(snapshot), request);
  } catch (error) {
    return { ...deny('EVALUATION_ERROR'), error };
  }
}

function evaluate(tables: TenantTables, request: DecisionRequest): Decision {
  refuseMalformed(request);
  if (tables.tenant.deleted) return deny('NO_TENANT');
  if (tables.tenant.status !== 'ACTIVE') return deny('TENANT_SUSPENDED');
  const { names } = tables.lineage;
  const principalId = names.idOf(request.principalId);
  const principals = tables.principals.relation;
  KEY[0] = principalId;
  const principal = principals.find(KEY);
  if (principal === NOTHING) return deny('UNKNOWN_PRINCIPAL');
  if (principals.field(principal, PRINCIPALS.status) !== PRINCIPALS.ACTIVE) {
    return deny('PRINCIPAL_INACTIVE');
  }
  const path = pathFrom(tables, request);
  if (typeof path === 'string') return deny(path);
  return new Weighing(tables, request, path).decisionFor(principalId, principal);
}

function deny(reason: DenyReason): Decision {
  return { effect: 'DENY', reason, assignmentIds: [] };
}

/** NaN compares false with everything, so an interval of it could slip past a deny. */
function refuseMalformed({ permission, time }: DecisionRequest): void {
  if (!isPermission(permission)) throw new TypeError('the request names no permission');
  if (!(time.earliest <= time.latest)) throw new TypeError('the request names no time interval');
}

/** What the assignments say to one request. */
class Weighing {
  readonly #tables: TenantTables;
  readonly #request: DecisionRequest;
  readonly #rows: Relation;
  readonly #holding: RolesHolding;
  readonly #time: TimeInterval;
  readonly #path: ScopePath;
  /** The place in PRECEDENCE of the verdict so far, and the assignments that gave it. */
  #verdict: number = PRECEDENCE.length;
  #givenBy: number[] = [];
  #variables: ConditionVariables | undefined;
  /** By id of the condition's text: it says the same to a request wherever it stands. */
  #outcomes: Map<number, ConditionOutcome['is']> | undefined;

  constructor(tables: TenantTables, request: DecisionRequest, path: ScopePath) {
    const { permission, time } = request;
    this.#tables = tables;
    this.#request = request;
    this.#rows = tables.assignments.relation;
    this.#holding = tables.roles.holding(permission);
    this.#time = time;
    this.#path = path;
  }

  decisionFor(principalId: number, principal: number): Decision {
    const holders = startHolders(this.#tables, principalId, principal);
    for (let n = 0, holder = holders.at(0); holder !== -1; holder = holders.at(++n)) {
      this.#weighAllOf(holder);
    }
    holders.release();
    return this.#decision();
  }

  /** One by one, unless they are many: then scope by scope, all of the path. */
  #weighAllOf(holder: number): void {
    const rows = this.#rows;
    const byGrantee = rows.indexes[ASSIGNMENTS.byGrantee]!;
    KEY[0] = holder;
    const first = rows.first(byGrantee, KEY);
    if (rows.hasMoreThan(FEW, byGrantee, first)) return this.#weighByScope();
    for (let row = first; row !== NOTHING; row = rows.next(byGrantee, row)) this.#weigh(row);
  }

  /** The holder's id stands in KEY. */
  #weighByScope(): void {
    const rows = this.#rows;
    const index = rows.indexes[ASSIGNMENTS.byGranteeAndScope]!;
    for (const scopeId of this.#path.scopeIds) {
      KEY[1] = scopeId;
      for (let row = rows.first(index, KEY); row !== NOTHING; row = rows.next(index, row)) {
        this.#weigh(row);
      }
    }
  }

  #weigh(row: number): void {
    let verdict = this.#verdictOf(row);
    if (verdict > this.#verdict || verdict === NO_VERDICT) return;
    const condition = this.#rows.field(row, ASSIGNMENTS.condition);
    if (condition !== NOTHING) {
      verdict = this.#underCondition(verdict, condition);
      if (verdict > this.#verdict || verdict === NO_VERDICT) return;
    }
    if (verdict < this.#verdict) this.#givenBy = [];
    this.#verdict = verdict;
    this.#givenBy.push(row);
  }

  /**
   * The verdict of an assignment with a condition, given the one that it would have without.
   * INVARIANT: a condition that cannot be told lifts no deny, and lets nobody through.
   */
  #underCondition(verdict: number, condition: number): number {
    const outcome = this.#outcomeOf(condition);
    if (verdict === DENIED_BY) return outcome === 'FALSE' ? NO_VERDICT : DENIED_BY;
    if (outcome === 'TRUE') return verdict;
    return verdict === ALLOWED_BY ? CONDITION_FALSE : NO_VERDICT;
  }

  #outcomeOf(condition: number): ConditionOutcome['is'] {
    this.#outcomes ??= new Map();
    const known = this.#outcomes.get(condition);
    if (known !== undefined) return known;
    const { is } = this.#tables.lineage.conditions.outcome(
      condition,
      () => (this.#variables ??= conditionVariables(this.#tables, this.#request)),
    );
    this.#outcomes.set(condition, is);
    return is;
  }

  /** What it would say without its condition. */
  #verdictOf(row: number): number {
    const rows = this.#rows;
    const roleId = rows.field(row, ASSIGNMENTS.role);
    const isDeny = rows.field(row, ASSIGNMENTS.effect) === ASSIGNMENTS.DENY;
    if (!(isDeny ? this.#holding.part : this.#holding.whole).has(roleId)) return NO_VERDICT;
    const reach = reachAlong(this.#path, {
      scopeId: rows.field(row, ASSIGNMENTS.scope),
      isSelf: rows.field(row, ASSIGNMENTS.reach) === ASSIGNMENTS.SELF,
      passesCuts: isDeny || this.#tables.roles.get(roleId)!.piercing,
    });
    if (reach === 'NO') return NO_VERDICT;
    const bounds = { validFrom: validFromOf(rows, row), validUntil: validUntilOf(rows, row) };
    if (isDeny) {
      const denies = reach === 'REACHES' && isValidSomewhere(bounds, this.#time);
      return denies ? DENIED_BY : NO_VERDICT;
    }
    const validity = validityThroughout(bounds, this.#time);
    if (reach === 'CUT') return validity === 'VALID' ? INHERITANCE_CUT : NO_VERDICT;
    if (validity === 'VALID') return ALLOWED_BY;
    return validity === 'EXPIRED' ? EXPIRED : NOT_YET_VALID;
  }

  #decision(): Decision {
    const reason = PRECEDENCE[this.#verdict];
    if (reason === undefined) return deny('NO_ASSIGNMENT');
    const { names } = this.#tables.lineage;
    const assignmentIds = this.#givenBy
      .map((row) => names.textOf(this.#rows.field(row, ASSIGNMENTS.id)))
      .sort();
    return { effect: reason === 'ALLOWED_BY' ? 'ALLOW' : 'DENY', reason, assignmentIds };
  }
}

const DENIED_BY = PRECEDENCE.indexOf('DENIED_BY');
const ALLOWED_BY = PRECEDENCE.indexOf('ALLOWED_BY');
const CONDITION_FALSE = PRECEDENCE.indexOf('CONDITION_FALSE');
const NOT_YET_VALID = PRECEDENCE.indexOf('NOT_YET_VALID');
const EXPIRED = PRECEDENCE.indexOf('EXPIRED');
const INHERITANCE_CUT = PRECEDENCE.indexOf('INHERITANCE_CUT');
const NO_VERDICT = PRECEDENCE.length;
/** From more assignments of a holder on, an index by scope is worth its many lookups. */
const FEW = 16;
/** Room for the key of one lookup. */
const KEY = new Int32Array(2);
