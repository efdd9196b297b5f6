import { InvalidArgumentError } from 'commander';

/** Reads a whole number of an option, which is at least so much. Throws InvalidArgumentError. */
export function wholeNumber(atLeast: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= atLeast) return value;
    throw new InvalidArgumentError(`not a whole number of ${atLeast} or more`);
  };
}

/** Reads how many minutes something goes on, parts of one too. Throws InvalidArgumentError. */
export function minutes(text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('not a number of minutes');
  return value;
}
