/** A line that says how far a long piece of work is: redrawn on a terminal, a few lines elsewhere. */
export class Progress {
  private readonly startedAt = performance.now();
  private done = 0;
  private shownTenth = 0;

  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly out: NodeJS.WriteStream = process.stdout,
  ) {}

  advance(by = 1): void {
    this.done += by;
    const tenth = Math.floor((this.done / this.total) * 10);
    if (this.out.isTTY) this.out.write(`\r${this.line()}`);
    else if (tenth > this.shownTenth) this.out.write(`${this.line()}\n`);
    this.shownTenth = tenth;
  }

  /** Ends the line and returns the rate in items a second. */
  finish(): number {
    if (this.out.isTTY) this.out.write(`\r${this.line()}\n`);
    return this.done / this.seconds();
  }

  private line(): string {
    const filled = Math.round((this.done / this.total) * 20);
    const bar = '█'.repeat(filled) + '░'.repeat(20 - filled);
    const rate = this.done / this.seconds();
    const pace = rate < 1 ? `${Math.round(this.seconds())} s` : `${Math.round(rate)}/s`;
    return `  ${this.label.padEnd(22)} ${bar} ${this.done}/${this.total}  ${pace}`;
  }

  private seconds(): number {
    return Math.max((performance.now() - this.startedAt) / 1000, 0.001);
  }
}
