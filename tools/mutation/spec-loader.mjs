// Hooks of Node's module loader: TypeScript as Jest has it, and each version of the code apart: what a
// file with `?version=7&mutant=12` imports is of version 7 and with mutant 12 too. Dependencies are
// loaded once.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import jest from '../../jest.config.mjs';
import { switchedTo } from './spec-steps.mjs';

const [, swc] = jest.projects[0].transform['^.+\\.ts$'];
const FAST_CHECK = new URL('seeded-fast-check.mjs', import.meta.url).href;
const TEST_TENANTS = new URL('test-tenants.mjs', import.meta.url);
let policy;

/** @type {import('node:module').InitializeHook<{ policy: string }>} */
export function initialize(data) {
  policy = new URL(data.policy);
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (specifier === 'fast-check') return { url: FAST_CHECK, shortCircuit: true };
  const source = sourceOf(specifier, context.parentURL);
  if (source === undefined) return next(specifier, context);
  const url = new URL(source);
  url.search = new URL(context.parentURL).search;
  return { url: url.href, shortCircuit: true };
}

/** undefined: not the code's own. */
function sourceOf(specifier, parentURL) {
  if (specifier === '@bastion/policy') return policy;
  if (specifier === '@bastion/testing') return TEST_TENANTS;
  if (!specifier.startsWith('.') || !specifier.endsWith('.js')) return undefined;
  const url = new URL(specifier.replace(/\.js$/, '.ts'), parentURL);
  return existsSync(fileURLToPath(url)) ? url : undefined;
}

/** @type {Map<string, string>} */
const transformed = new Map();

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  const { pathname, searchParams } = new URL(url);
  if (!pathname.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(new URL(pathname, 'file:'));
  let source = transformed.get(path);
  if (source === undefined) {
    source = transformSync(readFileSync(path, 'utf8'), { ...swc, filename: path }).code;
    transformed.set(path, source);
  }
  const mutant = searchParams.get('mutant');
  if (mutant !== null && source.includes('stryMutAct_')) source = switchedTo(mutant) + source;
  return { format: 'module', source, shortCircuit: true };
}
