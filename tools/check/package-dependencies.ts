import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY } from '../stack/repository.js';

/** The fields of a workspace's package.json that are looked at. */
interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages whose package.json and tsconfig.json name different packages of this repository. nx
 * orders builds by the one and TypeScript by the other: where they differ, two builds write the same
 * files at the same time, or one is taken from the cache though what it builds on has changed.
 */
export function undeclaredDependencies(): string[] {
  return workspaces().flatMap((folder) => {
    const declared = Object.keys(read<Manifest>(folder, 'package.json').dependencies ?? {});
    const built = references(folder).map((each) => read<Manifest>(each, 'package.json').name);
    const differing = [...new Set([...declared, ...built])].filter(
      (name) => declared.includes(name) !== built.includes(name),
    );
    return differing.map((name) => `${folder}: ${name}`);
  });
}

/** The folders of all packages: those whose types are checked. */
const workspaces = (): string[] => references('').map((path) => dirname(path));

function references(folder: string): string[] {
  const { references: built = [] } = read<{ references?: { path: string }[] }>(
    folder,
    'tsconfig.json',
  );
  return built.map(({ path }) => join(folder, path));
}

function read<T>(folder: string, file: string): T {
  return JSON.parse(readFileSync(join(REPOSITORY, folder, file), 'utf8')) as T;
}
