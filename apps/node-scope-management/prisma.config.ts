import { defineConfig } from 'prisma/config';

// Prisma's CLI downloads its schema engine where it can; the bridge named here runs the one that
// ships in the npm registry instead, so that no machine needs the download.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= new URL(
  '../../tools/prisma-schema-engine.mjs',
  import.meta.url,
).pathname;

export default defineConfig({
  schema: '../../prisma/scope-management/schema.prisma',
  migrations: { path: '../../prisma/scope-management/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
