import type { ScopeManagement } from '../../api/scope-management.js';
import { Progress } from '../progress.js';
import { type Bundle, type NestedGroup, nestUsers } from '../../matrix/plan-matrix.js';
import type { Matrix } from '../../matrix/read-matrix.js';

/** What asking for a right is called: every right is a scope, and using it one permission. */
export const USE_RIGHT = 'right:use';

/** Where the matrix went: the ids by which checks and revocations name things. */
export interface ImportedMatrix {
  readonly userIds: ReadonlyMap<string, string>;
  /** Right to the scope that stands for it. */
  readonly scopeIds: ReadonlyMap<string, string>;
  /** Bundle and user to the innermost group that gives the user access there. */
  readonly groupIds: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The role that holds the one permission. */
  readonly roleId: string;
  /** Names the last revision that the import wrote. */
  readonly consistencyToken: string;
}

interface ImportState {
  readonly api: ScopeManagement;
  readonly progress: Progress;
  readonly userIds: Map<string, string>;
  readonly scopeIds: Map<string, string>;
  readonly groupIds: Map<string, Map<string, string>>;
  readonly roleId: string;
  lastToken: string;
}

/**
 * Writes users, groups, scopes and grants through the public API, one write after the other.
 * `halfway` is called once half of the bundles are there.
 */
export async function importMatrix(
  api: ScopeManagement,
  rootScopeId: string,
  matrix: Matrix,
  bundles: readonly Bundle[],
  halfway: () => void,
): Promise<ImportedMatrix> {
  const role = await api.createRole('Right holder', [USE_RIGHT]);
  const state: ImportState = {
    api,
    progress: new Progress('import', matrix.users.length + matrix.rights.length + bundles.length),
    userIds: new Map(),
    scopeIds: new Map(),
    groupIds: new Map(),
    roleId: role.id,
    lastToken: role.consistencyToken,
  };
  for (const user of matrix.users) {
    const made = await api.createUser(`user-${user}@matrix.example`, `matrix|${user}`);
    state.userIds.set(user, made.id);
    state.progress.advance();
  }
  const bundleScopes = new Map<string, string>();
  for (const [index, bundle] of bundles.entries()) {
    if (index === Math.floor(bundles.length / 2)) halfway();
    const parentId = bundle.parent ? bundleScopes.get(bundle.parent)! : rootScopeId;
    bundleScopes.set(bundle.name, await importBundle(state, bundle, parentId));
  }
  state.progress.finish();
  const { userIds, scopeIds, groupIds, roleId, lastToken } = state;
  return { userIds, scopeIds, groupIds, roleId, consistencyToken: lastToken };
}

/** A bundle's scope with its rights below it, and the groups that are given or denied access. */
async function importBundle(state: ImportState, bundle: Bundle, parentId: string): Promise<string> {
  const { api, progress } = state;
  const scope = await api.createScope(bundle.name, 'folder', parentId, bundle.inheritsAccess);
  for (const right of bundle.rights) {
    const made = await api.createScope(`right-${right}`, 'right', scope.id);
    state.scopeIds.set(right, made.id);
    progress.advance();
  }
  const inner = new Map<string, string>();
  state.groupIds.set(bundle.name, inner);
  if (bundle.granted.length > 0) {
    const groupId = await importGroup(state, nestUsers(bundle.name, bundle.granted), inner);
    await grant(state, groupId, scope.id, 'ALLOW');
  }
  if (bundle.denied.length > 0) {
    const name = `${bundle.name}-denied`;
    const groupId = await importGroup(state, nestUsers(name, bundle.denied), new Map());
    await grant(state, groupId, scope.id, 'DENY');
  }
  progress.advance();
  return scope.id;
}

async function importGroup(
  state: ImportState,
  group: NestedGroup,
  groupOfUser: Map<string, string>,
): Promise<string> {
  const { id } = await state.api.createGroup(group.name);
  const members: { kind: 'USER' | 'GROUP'; id: string }[] = [];
  for (const user of group.users) {
    groupOfUser.set(user, id);
    members.push({ kind: 'USER', id: state.userIds.get(user)! });
  }
  for (const child of group.groups) {
    members.push({ kind: 'GROUP', id: await importGroup(state, child, groupOfUser) });
  }
  await state.api.addGroupMembers(id, members);
  return id;
}

async function grant(
  state: ImportState,
  groupId: string,
  scopeId: string,
  effect: 'ALLOW' | 'DENY',
): Promise<void> {
  const { consistencyToken } = await state.api.assignRole({
    granteeKind: 'GROUP',
    granteeId: groupId,
    roleId: state.roleId,
    scopeId,
    effect,
  });
  state.lastToken = consistencyToken;
}
