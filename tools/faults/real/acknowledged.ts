import type { Question } from '../../api/gatekeeper.js';
import type { TenantAdmin } from '../../stack/temporary-platform.js';

export const PERMISSION = 'document:read';

/** A user and a scope, on which one role is given and taken away. */
export interface Pair {
  readonly userId: string;
  readonly scopeId: string;
}

interface PairState {
  assignmentId: string | null;
  /** A grant that was sent and not answered may hold already. */
  granting: boolean;
  /** When the last revocation was acknowledged; Infinity: there was none since the last grant. */
  revokedAt: number;
  token: string | undefined;
}

/**
 * What one tenant's writer was told is so, pair by pair: the oracle for real processes. Times are
 * milliseconds of this process's monotonic clock.
 */
export class Acknowledged {
  private readonly states = new Map<Pair, PairState>();

  constructor(
    private readonly admin: TenantAdmin,
    readonly pairs: readonly Pair[],
  ) {
    for (const pair of pairs) {
      this.states.set(pair, {
        assignmentId: null,
        granting: false,
        revokedAt: Infinity,
        token: undefined,
      });
    }
  }

  /** Grants the pair its role, or takes it away, whichever changes something. */
  async toggle(pair: Pair): Promise<'GRANTED' | 'REVOKED'> {
    const state = this.states.get(pair)!;
    if (state.assignmentId !== null) {
      const { consistencyToken } = await this.admin.api.unassignRole(state.assignmentId);
      state.assignmentId = null;
      state.revokedAt = performance.now();
      state.token = consistencyToken;
      return 'REVOKED';
    }
    state.granting = true;
    const made = await this.admin.api.assignRole({
      granteeKind: 'USER',
      granteeId: pair.userId,
      roleId: this.admin.roleId('reader'),
      scopeId: pair.scopeId,
    });
    state.assignmentId = made.id;
    state.revokedAt = Infinity;
    state.granting = false;
    state.token = made.consistencyToken;
    return 'GRANTED';
  }

  isGranted(pair: Pair): boolean {
    return this.states.get(pair)!.assignmentId !== null;
  }

  /** Of the pair's last write. */
  tokenOf(pair: Pair): string | undefined {
    return this.states.get(pair)!.token;
  }

  /** How long ago the pair's right was taken away, seen from `moment`; negative: not at all. */
  revokedFor(pair: Pair, moment: number): number {
    const { granting, revokedAt } = this.states.get(pair)!;
    return granting ? -Infinity : moment - revokedAt;
  }
}

export function questionOf({ userId, scopeId }: Pair): Question {
  return { principalId: userId, permission: PERMISSION, scopeId };
}
