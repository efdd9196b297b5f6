import { seededRandom } from '../../demo/matrix/seeded-random.js';

/** Where every choice of a simulation comes from: the same seed, the same choices. */
export class Random {
  /** In [0, 1). */
  readonly next: () => number;

  constructor(private readonly seed: number) {
    this.next = seededRandom(seed);
  }

  /** A source of its own, so that what is drawn here changes nothing of what is drawn there. */
  fork(name: string): Random {
    let mixed = this.seed ^ 0x811c9dc5;
    for (let i = 0; i < name.length; i += 1) {
      mixed = Math.imul(mixed ^ name.charCodeAt(i), 0x01000193);
    }
    return new Random(mixed >>> 0);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** A whole number, both ends included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.integer(0, left.length - 1), 1)[0]!);
  }
}
