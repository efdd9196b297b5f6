import { Injectable } from '@nestjs/common';

/** Tells whoever publishes, and whoever watches, that a commit left something to tell. */
@Injectable()
export class OutboxSignal {
  private leader: (() => void) | null = null;
  private others: (() => void) | null = null;
  private readonly watchers: ((tenantId: string) => void)[] = [];

  /** The relay of this process hears it, from taking the lead until the returned call. */
  leaderIsHere(wake: () => void): () => void {
    this.leader = wake;
    return () => {
      this.leader = null;
    };
  }

  /** While no relay of this process leads, it is passed on with this. */
  passOnWith(forward: () => void): void {
    this.others = forward;
  }

  /** Hears of every commit of this process, for good. */
  onCommit(hear: (tenantId: string) => void): void {
    this.watchers.push(hear);
  }

  /** Something was committed in the tenant. */
  wake(tenantId: string): void {
    for (const hear of this.watchers) hear(tenantId);
    (this.leader ?? this.others)?.();
  }
}
