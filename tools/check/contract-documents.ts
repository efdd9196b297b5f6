import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { REPOSITORY } from '../stack/repository.js';
import { asyncApiDocument } from './asyncapi-document.js';
import { eventJsonSchemas } from './event-json-schemas.js';

/** Everything directly in it is generated; what lies deeper (frozen/) was, once. */
const FOLDER = `${REPOSITORY}libs/contracts/schema/events/`;

const ASYNC_API_FILE = 'asyncapi.yaml';

/** Writes the documents of all messages anew, and removes those of messages that are gone. */
export async function writeContractDocuments(): Promise<void> {
  const documents = await contractDocuments();
  mkdirSync(FOLDER, { recursive: true });
  for (const file of filesIn(FOLDER)) if (!documents.has(file)) rmSync(`${FOLDER}${file}`);
  for (const [file, text] of documents) writeFileSync(`${FOLDER}${file}`, text);
}

/** The files that are not what the code says: changed, missing, or left over. */
export async function staleContractDocuments(): Promise<string[]> {
  const documents = await contractDocuments();
  const files = new Set([...documents.keys(), ...filesIn(FOLDER)]);
  return [...files].filter((file) => {
    const path = `${FOLDER}${file}`;
    return !existsSync(path) || readFileSync(path, 'utf8') !== documents.get(file);
  });
}

/** Texts by file name, formatted as everything else here. */
async function contractDocuments(): Promise<ReadonlyMap<string, string>> {
  const texts = [
    ...[...eventJsonSchemas()].map(([file, schema]) => [file, JSON.stringify(schema)] as const),
    [
      ASYNC_API_FILE,
      stringify(asyncApiDocument(), { aliasDuplicateObjects: false, lineWidth: 0 }),
    ] as const,
  ];
  const style = await resolveConfig(FOLDER + ASYNC_API_FILE);
  const formatted = texts.map(async ([file, text]) => {
    return [file, await format(text, { ...style, filepath: file })] as const;
  });
  return new Map(await Promise.all(formatted));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
