import { readFileSync } from 'node:fs';
import { REPOSITORY } from '../stack/repository.js';

/** A seed that once found something. It runs every time. */
export interface Regression {
  readonly seed: number;
  /** The one fault it was made of; absent: whatever the seed composes. */
  readonly only?: number;
  /** What it found. */
  readonly about: string;
}

export function regressions(): readonly Regression[] {
  const file = `${REPOSITORY}tools/faults/regressions.json`;
  return JSON.parse(readFileSync(file, 'utf8')) as Regression[];
}
