import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiSchema, SCHEMA_FILE } from './api-schema.js';

// Run from dist/src, five folders below the root of the repository.
const file = join(fileURLToPath(new URL('../../../../', import.meta.url)), SCHEMA_FILE);
await mkdir(dirname(file), { recursive: true });
await writeFile(file, await apiSchema());
