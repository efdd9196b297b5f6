import { Injectable } from '@nestjs/common';

/** Tells whoever publishes that a commit left something to publish. */
@Injectable()
export class OutboxSignal {
  private leader: (() => void) | null = null;
  private others: (() => void) | null = null;

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

  wake(): void {
    (this.leader ?? this.others)?.();
  }
}
