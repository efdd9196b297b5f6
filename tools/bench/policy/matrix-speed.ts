import { buildSnapshot, decide, type DecisionRequest, type TenantFacts } from '@bastion/policy';
import { type Bundle, type NestedGroup, nestUsers, planBundles } from '../../matrix/plan-matrix.js';
import { type Matrix, readMatrix } from '../../matrix/read-matrix.js';
import { timeEach, timeInTurns, type Ask } from './in-turns.js';
import { copyOf } from './large-tenant.js';
import type { Random } from './matrix.js';

export interface MatrixSpeed {
  readonly pairs: number;
  /** Microseconds a decision, one value a round. */
  readonly ours: readonly number[];
  /** Of looking the pair up in the matrix itself: a map of sets. */
  readonly flat: readonly number[];
  /** Microseconds of each decision of one more round, timed one by one. */
  readonly each: readonly number[];
}

/** Lists of facts, still growing. */
type Facts = {
  -readonly [
    Kind in Exclude<keyof TenantFacts, 'tenant' | 'resources' | 'roles'>
  ]: TenantFacts[Kind][number][];
};

const TIME = { earliest: 1_700_000_000_000, latest: 1_700_000_000_050 };
const PERMISSION = 'right:use';
const ROOT = 'root';

/**
 * Asks about pairs of a user-permission matrix that is spread over nested scopes and groups, in random
 * order. Throws if a decision differs from the matrix, or the file is none.
 */
export function measureMatrix(
  file: string,
  random: Random,
  { rounds, requests }: { rounds: number; requests: number },
): MatrixSpeed {
  const matrix = readMatrix(file);
  const snapshot = buildSnapshot(factsOf(matrix));
  const ours: Ask<DecisionRequest> = (request) => decide(snapshot, request).effect === 'ALLOW';
  const flat: Ask<DecisionRequest> = ({ principalId, scopeId }) =>
    matrix.holders.get(scopeId!)!.has(principalId);
  refuseDifferences(matrix, ours);
  const asked = (): DecisionRequest[] =>
    Array.from({ length: requests }, () =>
      copyOf(
        requestOf(
          matrix.users[random(matrix.users.length)]!,
          matrix.rights[random(matrix.rights.length)]!,
        ),
      ),
    );
  const speed = { ours: [] as number[], flat: [] as number[] };
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round++) {
    const { one, other } = timeInTurns(ours, flat, asked(), copyOf);
    if (round === 0) continue;
    speed.ours.push(one);
    speed.flat.push(other);
  }
  const pairs = matrix.users.length * matrix.rights.length;
  return { pairs, ...speed, each: timeEach(ours, asked()) };
}

function refuseDifferences({ users, rights, holders }: Matrix, ask: Ask<DecisionRequest>): void {
  for (const right of rights) {
    const allowed = holders.get(right)!;
    for (const user of users) {
      if (ask(requestOf(user, right)) !== allowed.has(user)) {
        throw new Error(`user ${user}, right ${right}: the decision differs from the matrix`);
      }
    }
  }
}

function requestOf(user: string, right: string): DecisionRequest {
  return { principalId: user, permission: PERMISSION, scopeId: right, time: TIME };
}

function factsOf(matrix: Matrix): TenantFacts {
  const facts: Facts = { principals: [], groups: [], memberships: [], scopes: [], assignments: [] };
  facts.scopes.push({ id: ROOT, parentId: null, type: 'tenant', inheritsAccess: true });
  for (const id of matrix.users) {
    facts.principals.push({ id, kind: 'USER', status: 'ACTIVE', subject: id });
  }
  for (const bundle of planBundles(matrix)) addBundle(facts, bundle);
  return {
    ...facts,
    tenant: { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 },
    resources: [],
    roles: [
      {
        ...{ id: 'holder', permissions: [PERMISSION], includes: [], assignableOn: [] },
        ...{ privileged: false, piercing: false },
      },
    ],
  };
}

function addBundle(facts: Facts, bundle: Bundle): void {
  const { name, parent, inheritsAccess, rights } = bundle;
  facts.scopes.push({ id: name, parentId: parent ?? ROOT, type: 'folder', inheritsAccess });
  for (const id of rights) {
    facts.scopes.push({ id, parentId: name, type: 'right', inheritsAccess: true });
  }
  for (const effect of ['ALLOW', 'DENY'] as const) {
    const users = effect === 'ALLOW' ? bundle.granted : bundle.denied;
    if (users.length === 0) continue;
    const group = nestUsers(`${name}-${effect}`, users);
    addGroup(facts, group);
    facts.assignments.push({
      ...{ id: group.name, granteeKind: 'GROUP', granteeId: group.name, roleId: 'holder' },
      ...{ scopeId: name, reach: 'SUBTREE', effect, source: 'manual' },
      ...{ validFrom: null, validUntil: null, condition: null },
    });
  }
}

function addGroup(facts: Facts, { name, users, groups }: NestedGroup): void {
  facts.groups.push({ id: name });
  const member = (memberKind: 'USER' | 'GROUP', memberId: string): void => {
    facts.memberships.push({ groupId: name, memberKind, memberId, source: 'manual' });
  };
  for (const user of users) member('USER', user);
  for (const group of groups) {
    addGroup(facts, group);
    member('GROUP', group.name);
  }
}
