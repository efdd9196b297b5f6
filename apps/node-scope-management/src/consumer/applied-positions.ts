import { Injectable } from '@nestjs/common';
import type { AccessAppliedV1 } from '@bastion/contracts';

/** A place in a tenant's history. */
export interface Position {
  readonly epoch: number;
  readonly revision: number;
}

export function hasReached(position: Position, goal: Position): boolean {
  return (position.epoch - goal.epoch || position.revision - goal.revision) >= 0;
}

/**
 * What consumers have said they applied since this process began, by messages or by asking: the fast
 * way to know. What is not here may still be in the database, or not known to anyone.
 */
@Injectable()
export class AppliedPositions {
  private readonly byTenant = new Map<string, Map<string, Position>>();
  /** By consumer, monotonic milliseconds. */
  private readonly heardAt = new Map<string, number>();
  private readonly watchers = new Map<string, Set<() => void>>();

  note({ consumer, positions }: AccessAppliedV1): void {
    this.heardAt.set(consumer.id, performance.now());
    for (const { tenantId, epoch, revision, state } of positions) {
      // Who answers nothing has nothing to catch up with, but says so by its lease, not by this.
      if (state !== 'FOLLOWING') continue;
      const ofTenant = this.byTenant.get(tenantId) ?? new Map<string, Position>();
      this.byTenant.set(tenantId, ofTenant);
      const before = ofTenant.get(consumer.id);
      if (before && hasReached(before, { epoch, revision })) continue;
      ofTenant.set(consumer.id, { epoch, revision });
      for (const wake of this.watchers.get(tenantId) ?? []) wake();
    }
  }

  /** Forgets the consumers that have said nothing since that moment; processes come and go. */
  forgetUnheard(since: number): void {
    const gone = [...this.heardAt].filter(([, at]) => at < since).map(([id]) => id);
    for (const id of gone) {
      this.heardAt.delete(id);
      for (const [tenantId, ofTenant] of this.byTenant) {
        ofTenant.delete(id);
        if (ofTenant.size === 0) this.byTenant.delete(tenantId);
      }
    }
  }

  of(tenantId: string, consumerId: string): Position | undefined {
    return this.byTenant.get(tenantId)?.get(consumerId);
  }

  /** Calls `wake` whenever a consumer gets further with the tenant, until the returned call. */
  watch(tenantId: string, wake: () => void): () => void {
    const ofTenant = this.watchers.get(tenantId) ?? new Set();
    this.watchers.set(tenantId, ofTenant);
    ofTenant.add(wake);
    return () => {
      ofTenant.delete(wake);
      if (ofTenant.size === 0) this.watchers.delete(tenantId);
    };
  }
}
