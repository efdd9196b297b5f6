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
    const pair = `${granteeId} ${scopeId}`;
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
      const expected = this.granted.has(`${principalId} ${scopeId}`);
      if (answer?.allowed === expected) return [];
      return [`${principalId} on ${scopeId}: expected ${expected}, got ${answer?.reason}`];
    });
  }

  get size(): number {
    return this.granted.size;
  }
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}
