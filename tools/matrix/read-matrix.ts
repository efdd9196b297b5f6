import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Who holds which permission: the ground truth that every decision is held against. */
export interface Matrix {
  readonly users: readonly string[];
  readonly rights: readonly string[];
  /** Right to the users that hold it. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly pairs: number;
}

/**
 * Reads a user-permission matrix: one pair a line, user id then permission id, separated by white
 * space; gzipped when the name ends in `.gz`. Throws with the line's number on anything else.
 */
export function readMatrix(file: string): Matrix {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const users = new Set<string>();
  const holders = new Map<string, Set<string>>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [user, right, surplus] = line.trim().split(/\s+/);
    if (!user || !right || surplus !== undefined) {
      throw new Error(
        `${file}:${index + 1}: expected a user id and a permission id, got "${line.trim()}"`,
      );
    }
    users.add(user);
    holders.set(right, (holders.get(right) ?? new Set()).add(user));
  }
  if (users.size === 0) throw new Error(`${file}: holds no user-permission pair`);
  const pairs = [...holders.values()].reduce((sum, set) => sum + set.size, 0);
  return { users: sorted(users), rights: sorted(holders.keys()), holders, pairs };
}

function sorted(ids: Iterable<string>): string[] {
  return [...ids].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
