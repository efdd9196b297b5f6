/** Lets a bounded number of things happen at a time; the others wait in line. */
export class Slots {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await work();
    } finally {
      // Handed on rather than freed: nobody who comes now can overtake the line.
      const next = this.#line.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
