import type { StackStep } from '@bastion/local-stack';

/** Prints what a starting stack is doing, with how long each part took. */
export function reportSteps(print: (line: string) => void): (step: StackStep) => void {
  const startedAt = new Map<string, number>();
  return (step) => {
    if (step.state === 'LOST') {
      print(`  ✗ ${step.detail}`);
      return;
    }
    const { part, detail, state } = step;
    if (state === 'ABSENT') {
      print(`  – no ${part}: ${detail}`);
      return;
    }
    if (state === 'STARTING') {
      if (!startedAt.has(part)) startedAt.set(part, performance.now());
      if (detail) print(`  … ${part}: ${detail}`);
      return;
    }
    const seconds = (performance.now() - (startedAt.get(part) ?? performance.now())) / 1000;
    print(`  ✔ ${part}${detail ? ` ${detail}` : ''} (${seconds.toFixed(1)} s)`);
  };
}
