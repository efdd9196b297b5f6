import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges } from 'graphql';
import { REPOSITORY } from '../stack/repository.js';

const FOLDER = `${REPOSITORY}libs/contracts/schema/`;

/** One folder a release: the GraphQL schemas that its clients may count on. */
const FROZEN = 'frozen/';

/**
 * What clients of the last release would stumble over in today's GraphQL schemas, each with how to go
 * about it; empty when there is nothing of the kind.
 */
export function brokenSchemas(): string[] {
  const release = lastReleaseOf(readdirSync(FOLDER + FROZEN));
  return readdirSync(`${FOLDER}${FROZEN}${release}`).flatMap((file) => {
    const frozen = `${FROZEN}${release}/${file}`;
    const changes = breakingChanges(read(frozen), read(file));
    if (changes.length === 0) return [];
    return [
      `${file} breaks clients of ${release}:`,
      ...changes.map((change) => `  - ${change}`),
      `  Keep what there was, marked @deprecated. Where nobody can depend on it: renew ${frozen}, and say why in the commit.`,
    ];
  });
}

/** What a schema no longer has or does as another one had or did it. */
export function breakingChanges(before: string, after: string): string[] {
  return findBreakingChanges(buildSchema(before), buildSchema(after)).map(
    ({ description }) => description,
  );
}

/** By number, not by letter: 0.10 comes after 0.9. */
export function lastReleaseOf(releases: readonly string[]): string {
  const sorted = releases.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const last = sorted.at(-1);
  if (last === undefined) throw new Error(`nothing is frozen in ${FOLDER}${FROZEN}`);
  return last;
}

function read(file: string): string {
  return readFileSync(FOLDER + file, 'utf8');
}
