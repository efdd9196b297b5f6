import type { Matrix } from './read-matrix.js';

/**
 * One set of rights that exactly the same users hold. It becomes a scope with its rights as child
 * scopes, below the scope of another bundle whose users it inherits.
 */
export interface Bundle {
  readonly name: string;
  readonly rights: readonly string[];
  /** The bundle above; null: directly below the root. */
  readonly parent: string | null;
  readonly inheritsAccess: boolean;
  /** Given access here, through the nested group; the other holders inherit it. */
  readonly granted: readonly string[];
  /** Would inherit but must not: denied here. */
  readonly denied: readonly string[];
}

/** A group and its members: users below `groups` levels of nesting. */
export interface NestedGroup {
  readonly name: string;
  readonly users: readonly string[];
  readonly groups: readonly NestedGroup[];
}

interface Draft {
  readonly users: ReadonlySet<string>;
  readonly rights: string[];
}

/**
 * Spreads a flat matrix over everything the access model has: nested scopes whose bundles inherit
 * from the largest bundle of a subset of their users, one bundle behind a cut without which its
 * parent's users would get in, and one with a deny without which they would too.
 *
 * Parents come before their children. Throws when the matrix is too plain for a cut and a deny.
 */
export function planBundles(matrix: Matrix): Bundle[] {
  const drafts = draftBundles(matrix);
  const parents = drafts.map((draft) => largest(drafts.filter((d) => isProperSubset(d, draft))));
  const leaves = drafts.filter((draft) => !parents.includes(draft));
  const [cut, denied] = pickMisplaced(drafts, leaves);

  const nameOf = (draft: Draft | null) => draft && `bundle-${drafts.indexOf(draft) + 1}`;
  const bundles = drafts.map((draft, index): Bundle => {
    const base = { name: nameOf(draft)!, rights: draft.rights };
    const users = [...draft.users];
    if (draft === cut.draft) {
      return {
        ...base,
        parent: nameOf(cut.under),
        inheritsAccess: false,
        granted: users,
        denied: [],
      };
    }
    const parent = draft === denied.draft ? denied.under : parents[index]!;
    return {
      ...base,
      parent: nameOf(parent),
      inheritsAccess: true,
      granted: users.filter((user) => !parent?.users.has(user)),
      denied: draft === denied.draft ? without(denied.under.users, draft.users) : [],
    };
  });
  return parentsFirst(bundles);
}

/** Rights with the same holders in one draft, fewest users first. */
function draftBundles(matrix: Matrix): Draft[] {
  const byHolders = new Map<string, Draft>();
  for (const right of matrix.rights) {
    const users = matrix.holders.get(right)!;
    const key = [...users].sort().join(' ');
    const draft = byHolders.get(key) ?? { users, rights: [] };
    draft.rights.push(right);
    byHolders.set(key, draft);
  }
  return [...byHolders.values()].sort((a, b) => a.users.size - b.users.size);
}

/**
 * Two bundles without children, each with a bundle to stand below that holds users it must not let
 * in: the one is then guarded by a cut, the other by a deny.
 */
function pickMisplaced(
  drafts: readonly Draft[],
  leaves: readonly Draft[],
): [{ draft: Draft; under: Draft }, { draft: Draft; under: Draft }] {
  const found: { draft: Draft; under: Draft }[] = [];
  for (const draft of leaves) {
    const under = drafts.find(
      (other) =>
        !leaves.includes(other) &&
        without(other.users, draft.users).length > 0 &&
        other.users.size > without(other.users, draft.users).length,
    );
    if (under) found.push({ draft, under });
  }
  const [first, second] = found;
  if (!first || !second) {
    throw new Error('this matrix is too plain: no two bundles could stand behind a cut and a deny');
  }
  return [first, second];
}

/** Halves a set of users into groups of groups, three levels deep where there are enough users. */
export function nestUsers(name: string, users: readonly string[], levels = 3): NestedGroup {
  if (levels === 1 || users.length < 3) return { name, users, groups: [] };
  const middle = Math.ceil(users.length / 2);
  return {
    name,
    users: [],
    groups: [
      nestUsers(`${name}-a`, users.slice(0, middle), levels - 1),
      nestUsers(`${name}-b`, users.slice(middle), levels - 1),
    ],
  };
}

function parentsFirst(bundles: readonly Bundle[]): Bundle[] {
  const byName = new Map(bundles.map((bundle) => [bundle.name, bundle]));
  const ordered = new Set<Bundle>();
  const visit = (bundle: Bundle): void => {
    const parent = bundle.parent && byName.get(bundle.parent);
    if (parent) visit(parent);
    ordered.add(bundle);
  };
  bundles.forEach(visit);
  return [...ordered];
}

function largest(drafts: readonly Draft[]): Draft | null {
  return drafts.reduce<Draft | null>((a, b) => (a && a.users.size >= b.users.size ? a : b), null);
}

function isProperSubset(a: Draft, b: Draft): boolean {
  return a.users.size < b.users.size && [...a.users].every((user) => b.users.has(user));
}

function without(users: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...users].filter((user) => !others.has(user));
}
