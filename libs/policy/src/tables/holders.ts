import { NOTHING } from './hash-pages.js';
import { Reached } from './reached.js';
import type { Relation } from './relation.js';

/**
 * The holders of what a member holds: itself first, then all existing groups that contain it
 * through any nesting, each once, and at last the group that it is in without a membership, if there
 * is one. A membership in a group that no longer exists leads nowhere. Used again for question after
 * question.
 */
export class Holders {
  #groups: Relation | undefined;
  #last = NOTHING;
  readonly #key = new Int32Array(1);
  readonly #reached = new Reached((groupId) => {
    this.#key[0] = groupId;
    return this.#groups!.find(this.#key) !== NOTHING;
  });

  /** @param last the group without memberships; -1: there is none */
  start(memberships: Relation, groups: Relation, memberId: number, last: number): void {
    this.#groups = groups;
    this.#last = last;
    this.#reached.start(memberships, memberId, NOTHING);
  }

  /** The n-th id from 0; -1: there are no more. */
  at(n: number): number {
    const id = this.#reached.at(n);
    // One past those that are reached, of which all have been found by now.
    return n === this.#reached.count ? this.#last : id;
  }

  /** Lets go of the version that was walked last. */
  release(): void {
    this.#groups = undefined;
    this.#reached.release();
  }
}
