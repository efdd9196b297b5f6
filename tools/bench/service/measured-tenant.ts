import { fetchToken } from '@bastion/local-stack';
import type { TenantFacts } from '@bastion/policy';
import type { RoleGrant } from '../../api/scope-management.js';
import { Progress } from '../../demo/progress.js';
import type { TemporaryPlatform } from '../../stack/temporary-platform.js';
import type { Random } from '../policy/matrix.js';

const USERS = 1_000;
const GROUPS = 50;
const SCOPES = 500;
const ASSIGNMENTS = 1_200;
/** Groups in a group, and scopes in a scope. */
const WIDTH = 4;
/** What each role gives, so that whoever asks for it can be told apart. */
const ROLES = {
  reader: ['document:read'],
  writer: ['document:read', 'document:write'],
  manager: ['document:*'],
} as const;
const CLIENT = 'bench-service';
/** Writes under way at a time. */
const AT_A_TIME = 8;

type Grant = Required<RoleGrant>;

/** A tenant in gatekeeper, its facts as far as decisions depend on them, and who may ask about it. */
export interface MeasuredTenant {
  readonly facts: TenantFacts;
  /** A token of a service that may ask about everybody. */
  readonly token: () => Promise<string>;
  /** Names the last revision that was written. */
  readonly consistencyToken: string;
}

/**
 * Writes through the public API: 1,000 users in 50 nested groups, 500 nested scopes, 1,200 assignments
 * of which every third is a group's and every thirtieth a deny.
 */
export async function createMeasuredTenant(
  platform: TemporaryPlatform,
  random: Random,
): Promise<MeasuredTenant> {
  const { api, rootScopeId, tenantId } = await platform.createTenant('measured');
  const progress = new Progress('the tenant', USERS + 2 * GROUPS + SCOPES + ASSIGNMENTS);
  /** Makes several at a time. */
  const made = async (count: number, make: (n: number) => Promise<{ id: string }>) => {
    const ids: string[] = [];
    let next = 0;
    const keepMaking = async (): Promise<void> => {
      for (let n = next++; n < count; n = next++) {
        ids[n] = (await make(n)).id;
        progress.advance();
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, keepMaking));
    return ids;
  };
  const users = await made(USERS, (n) => api.createUser(`user-${n}`, `bench|${n}`));
  const groups = await made(GROUPS, (n) => api.createGroup(`group-${n}`));
  const memberships: TenantFacts['memberships'][number][] = [];
  for (const [n, groupId] of groups.entries()) {
    const members = [
      ...users
        .filter((_, user) => user % GROUPS === n)
        .map((id) => ({ kind: 'USER', id }) as const),
      ...groups.filter((_, m) => parentOf(m) === n).map((id) => ({ kind: 'GROUP', id }) as const),
    ];
    await api.addGroupMembers(groupId, members);
    progress.advance();
    for (const { kind, id } of members) {
      memberships.push({ groupId, memberKind: kind, memberId: id, source: 'manual' });
    }
  }
  const scopes = [rootScopeId];
  for (let n = 1; n <= SCOPES; n += 1) {
    scopes.push((await api.createScope(`scope-${n}`, 'folder', scopes[parentOf(n)]!)).id);
    progress.advance();
  }
  const roles: string[] = [];
  for (const [name, permissions] of Object.entries(ROLES)) {
    roles.push((await api.createRole(`Bench ${name}`, permissions)).id);
  }
  const grants = distinctGrants(ASSIGNMENTS, (n) => ({
    granteeKind: n % 3 === 0 ? 'GROUP' : 'USER',
    granteeId: n % 3 === 0 ? groups[random(GROUPS)]! : users[random(USERS)]!,
    roleId: roles[random(roles.length)]!,
    // Not the root: what is given there is given everywhere.
    scopeId: scopes[1 + random(SCOPES)]!,
    reach: 'SUBTREE',
    effect: n % 30 === 29 ? 'DENY' : 'ALLOW',
  }));
  const assignments = await made(ASSIGNMENTS, (n) => api.assignRole(grants[n]!));
  const { stack } = platform;
  const service = await api.createServiceAccount(CLIENT, CLIENT);
  const checker = await api.createRole('Bench checker', ['access:check']);
  const { consistencyToken } = await api.assignRole({
    granteeKind: 'SERVICE_ACCOUNT',
    granteeId: service.id,
    roleId: checker.id,
    scopeId: rootScopeId,
  });
  progress.finish();
  const clientSecret = stack.state.secret(`client-${CLIENT}`);
  stack.identityProvider!.addService({ clientId: CLIENT, clientSecret, tenantId });
  return {
    token: () => fetchToken(stack.issuer, { clientId: CLIENT, clientSecret }),
    consistencyToken,
    facts: {
      tenant: { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 },
      principals: users.map((id, n) => ({
        ...{ id, kind: 'USER', status: 'ACTIVE', subject: `bench|${n}` },
      })),
      groups: groups.map((id) => ({ id })),
      memberships,
      scopes: scopes.map((id, n) => ({
        ...{ id, parentId: n === 0 ? null : scopes[parentOf(n)]! },
        ...{ type: 'folder', inheritsAccess: true },
      })),
      roles: Object.values(ROLES).map((permissions, n) => ({
        ...{ id: roles[n]!, permissions, includes: [], assignableOn: [] },
        ...{ privileged: false, piercing: false },
      })),
      resources: [],
      assignments: grants.map((grant, n) => ({
        ...{ ...grant, id: assignments[n]! },
        ...{ source: 'manual', validFrom: null, validUntil: null, condition: null },
      })),
    },
  };
}

function distinctGrants(count: number, grantAt: (n: number) => Grant): Grant[] {
  const grants = new Map<string, Grant>();
  while (grants.size < count) {
    const grant = grantAt(grants.size);
    grants.set(JSON.stringify(grant), grant);
  }
  return [...grants.values()];
}

/** The first has none. */
function parentOf(n: number): number {
  return Math.floor((n - 1) / WIDTH);
}
