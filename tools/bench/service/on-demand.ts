import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { REPOSITORY } from '../../stack/repository.js';

const FOLDER = `${REPOSITORY}.local/bench/`;

/**
 * Installs a package from npm into a folder of its own, once: what is only measured against is no
 * dependency, and large. Runs none of its scripts.
 *
 * @returns the folder of the package; undefined when it cannot be had, after saying so
 */
export async function installOnDemand(
  name: string,
  version: string,
  print: (line: string) => void,
): Promise<string | undefined> {
  const folder = `${FOLDER}${name.replaceAll(/\W+/g, '-')}-${version}`;
  const installed = `${folder}/node_modules/${name}`;
  if (existsSync(`${folder}/complete`)) return installed;
  print(`  installing ${name} ${version} from npm into .local/bench`);
  mkdirSync(folder, { recursive: true });
  // Without one of its own, npm would install into the repository.
  writeFileSync(`${folder}/package.json`, '{"private": true}\n');
  const flags = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    const npm = promisify(execFile);
    await npm('npm', ['install', ...flags, `${name}@${version}`], { cwd: folder });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print(`  ${name} ${version} cannot be installed, and is left out: ${reason.trim()}`);
    return undefined;
  }
  writeFileSync(`${folder}/complete`, '');
  return installed;
}
