import { readdirSync, readFileSync } from 'node:fs';

const SAMPLES = new URL('../samples/', import.meta.url);

/** A body as it was on the wire. */
export interface Sample {
  readonly contract: string;
  /** Which fields there were: `1-before-digests`, …; the one that sorts last is today's. */
  readonly form: string;
  readonly file: string;
  readonly body: unknown;
}

/** Every sample, in the order of contracts, forms and files. */
export function readSamples(): readonly Sample[] {
  return entries(SAMPLES).flatMap((contract) =>
    entries(new URL(`${contract}/`, SAMPLES)).flatMap((form) => {
      const folder = new URL(`${contract}/${form}/`, SAMPLES);
      return entries(folder).map((file) => ({
        contract,
        form,
        file,
        body: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown,
      }));
    }),
  );
}

/** Those of the newest form of each contract: what is sent today. */
export function newestSamples(samples = readSamples()): readonly Sample[] {
  return samples.filter(
    ({ contract, form }) =>
      !samples.some((other) => other.contract === contract && other.form > form),
  );
}

function entries(folder: URL): string[] {
  return readdirSync(folder).sort();
}
