export type { PolicyFunction } from './built-in-functions.js';
export { compile, type PolicySource } from './compile.js';
export type { CompiledPolicy, Enforcement } from './compiled-policy.js';
export { PolicyError, type ModelPosition } from './policy-error.js';
export type { PolicyChange, PolicyRow } from './policy-row.js';
