import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the repository, with a slash at the end; found alike from sources and from dist. */
export const REPOSITORY = `${rootAbove(import.meta.dirname)}/`;

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  if (folder === dirname(folder)) throw new Error('this is not in a checkout of the repository');
  return rootAbove(dirname(folder));
}
