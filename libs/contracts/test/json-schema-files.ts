import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { SYNC_API_CATALOGUE } from '../src/index.js';

const EVENTS = new URL('../schema/events/', import.meta.url);
const SUFFIX = '.schema.json';

/** A JSON Schema as it is checked in. */
export interface JsonSchemaFile {
  readonly contract: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly accepts: ValidateFunction;
}

/** The JSON Schemas of today, or of the `frozen` version of that name. */
export function readJsonSchemas(frozen?: string): readonly JsonSchemaFile[] {
  const folder = frozen === undefined ? EVENTS : new URL(`frozen/${frozen}/`, EVENTS);
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .sort()
    .map((file) => {
      const document = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object;
      const contract = file.slice(0, -SUFFIX.length);
      return { contract, document: { ...document }, accepts: compile(contract, document) };
    });
}

export function frozenVersions(): readonly string[] {
  return readdirSync(new URL('frozen/', EVENTS)).sort();
}

/** Whether the contract is of the parameters of a URL: text, whatever it stands for. */
export function isText(contract: string): boolean {
  return SYNC_API_CATALOGUE.some(
    ({ name, carriedBy }) => name === contract && carriedBy === 'QUERY',
  );
}

function compile(contract: string, document: object): ValidateFunction {
  return new Ajv2020({ coerceTypes: isText(contract) }).compile(document);
}
