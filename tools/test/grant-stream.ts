import type { Question } from '../api/gatekeeper.js';
import type { TenantAdmin } from '../stack/temporary-platform.js';

/** What the stream of grants and revokes plays on: people, places and one role. */
export interface Field {
  readonly userIds: readonly string[];
  readonly scopeIds: readonly string[];
}

export const PERMISSION = 'document:read';

export async function createField(
  admin: TenantAdmin,
  users: number,
  scopes: number,
): Promise<Field> {
  const userIds: string[] = [];
  const scopeIds: string[] = [];
  for (let i = 0; i < users; i += 1) {
    userIds.push((await admin.api.createUser(`user-${i}`, `stream|${i}`)).id);
  }
  for (let i = 0; i < scopes; i += 1) {
    scopeIds.push((await admin.api.createScope(`Scope ${i}`, 'folder', admin.rootScopeId)).id);
  }
  return { userIds, scopeIds };
}

/**
 * A stream of grants and revokes over pairs of user and scope, and the oracle: what the writer was
 * told is so. Each pair is toggled in turn, so what holds at the end is known exactly.
 */
export class GrantStream {
  /** `user scope` to the assignment that is there. */
  private readonly granted = new Map<string, string>();
  /** How often each pair was changed, and the one that is being changed. */
  private readonly changes = new Map<string, number>();
  private changing: string | undefined;
  private lastToken: string | undefined;

  constructor(
    private readonly admin: TenantAdmin,
    private readonly field: Field,
    private readonly random: () => number,
  ) {}

  /** The token of the last acknowledged write. */
  get token(): string | undefined {
    return this.lastToken;
  }

  /** One grant or revoke of a random pair, until it is acknowledged. */
  async toggle(): Promise<void> {
    const granteeId = pick(this.field.userIds, this.random);
    const scopeId = pick(this.field.scopeIds, this.random);
    const pair = pairOf(granteeId, scopeId);
    this.changing = pair;
    this.changes.set(pair, (this.changes.get(pair) ?? 0) + 1);
    const assignmentId = this.granted.get(pair);
    if (assignmentId === undefined) {
      const roleId = this.admin.roleId('reader');
      const grant = { granteeKind: 'USER', granteeId, roleId, scopeId } as const;
      const made = await this.admin.api.assignRole(grant);
      this.granted.set(pair, made.id);
      this.lastToken = made.consistencyToken;
    } else {
      const { consistencyToken } = await this.admin.api.unassignRole(assignmentId);
      this.granted.delete(pair);
      this.lastToken = consistencyToken;
    }
    this.changing = undefined;
  }

  /** A question about a random pair. */
  question(): Question {
    const principalId = pick(this.field.userIds, this.random);
    return { principalId, scopeId: pick(this.field.scopeIds, this.random), permission: PERMISSION };
  }

  /**
   * What the answer must be, and how many changes of the pair led there: an answer that was given
   * between two calls with the same outcome must be that. Undefined while the pair is changed.
   */
  expected({ principalId, scopeId }: Question): { allowed: boolean; changes: number } | undefined {
    const pair = pairOf(principalId, scopeId);
    if (pair === this.changing) return undefined;
    return { allowed: this.granted.has(pair), changes: this.changes.get(pair) ?? 0 };
  }

  /** How gatekeeper's answers, from the last write on, differ from what was acknowledged. */
  async differences(): Promise<string[]> {
    const { userIds, scopeIds } = this.field;
    const questions: Question[] = userIds.flatMap((principalId) =>
      scopeIds.map((scopeId) => ({ principalId, scopeId, permission: PERMISSION })),
    );
    const answers = await this.admin.gatekeeper.checkMany(questions, this.lastToken);
    return questions.flatMap(({ principalId, scopeId }, index) => {
      const answer = answers[index];
      const expected = this.granted.has(pairOf(principalId, scopeId));
      if (answer?.allowed === expected) return [];
      return [`${principalId} on ${scopeId}: expected ${expected}, got ${answer?.reason}`];
    });
  }

  get size(): number {
    return this.granted.size;
  }
}

function pairOf(userId: string, scopeId: string): string {
  return `${userId} ${scopeId}`;
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}
