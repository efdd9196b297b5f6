#!/usr/bin/env node
// Stands in for Prisma's native schema engine, so that `prisma migrate`, `generate` and `db` work
// where the binary cannot be downloaded. Prisma's CLI starts it (PRISMA_SCHEMA_ENGINE_BINARY) and
// talks JSON-RPC, one message per line, on stdio; the answers come from the engine's WASM build over
// the pg driver adapter. A development tool held to the exact Prisma version of package.json:
// services and images migrate with plain SQL instead.
import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineGlue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { adapterFactory, databaseName, runDatabaseCommand } from './prisma-engine-database.mjs';

const ENGINE_MODULE = '@prisma/schema-engine-wasm/schema_engine_bg';
const EXIT_FAILURE = 1;
const EXIT_PANIC = 101;

/** What the CLI reports for the failures it knows by code (Prisma's error reference, P1xxx). */
const KNOWN_FAILURES = {
  '28P01': () => ['P1000', 'Authentication failed against the database server'],
  ECONNREFUSED: (url) => ['P1001', `Can't reach database server at \`${url.host}\``],
  '3D000': (url) => ['P1003', `Database \`${databaseName(url)}\` does not exist`],
  '42P04': (url) => ['P1009', `Database \`${databaseName(url)}\` already exists`],
};

await main();

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      datasource: { type: 'string' },
      datamodels: { type: 'string', multiple: true },
      version: { type: 'boolean' },
    },
  });
  if (values.version) {
    process.stdout.write(`schema-engine-cli ${await engineVersion()}\n`);
    return;
  }
  const url = databaseUrl(values.datasource);
  if (positionals[0] === 'cli') {
    await runOnce(positionals[1], url);
    return;
  }
  process.on('uncaughtException', reportPanic);
  serve(url, values.datamodels ?? []);
}

// ── Arguments ───────────────────────────────────────────────────────────────────────────────────

/** The URL the CLI hands over, or DATABASE_URL; `generate` needs none. */
function databaseUrl(datasource) {
  const text = (datasource && JSON.parse(datasource).url) || process.env.DATABASE_URL;
  return text ? new URL(text) : undefined;
}

async function engineVersion() {
  const manifest = createRequire(import.meta.url)
    .resolve(ENGINE_MODULE)
    .replace(/[^/]+$/, 'package.json');
  return JSON.parse(await readFile(manifest, 'utf8'))
    .version.split('.')
    .pop();
}

// ── Commands that answer with an exit code ──────────────────────────────────────────────────────

async function runOnce(command, url) {
  try {
    await runDatabaseCommand(command, url);
  } catch (error) {
    // The CLI skips the first line of stderr.
    process.stderr.write('\n');
    log('ERROR', { is_panic: false, ...describeFailure(error, url) });
    process.exitCode = EXIT_FAILURE;
  }
}

function describeFailure(error, url) {
  const known = KNOWN_FAILURES[error.code];
  const [code, message] = known && url ? known(url) : [undefined, error.message || String(error)];
  return { error_code: code, message };
}

// ── The engine ──────────────────────────────────────────────────────────────────────────────────

async function loadEngine(url, schemaFiles) {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    message: '',
    set_message(message) {
      this.message = message;
    },
  };
  const wasm = createRequire(import.meta.url)
    .resolve(ENGINE_MODULE)
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(wasm), {
    './schema_engine_bg.js': engineGlue,
  });
  engineGlue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();

  const datamodels = await Promise.all(
    schemaFiles.map(async (file) => [file, await readFile(file, 'utf8')]),
  );
  return engineGlue.SchemaEngine.new(
    { datamodels: datamodels.length > 0 ? datamodels : undefined },
    (line) => process.stderr.write(line.endsWith('\n') ? line : `${line}\n`),
    bindMigrationAwareSqlAdapterFactory(adapterFactory(url)),
  );
}

// ── The protocol ────────────────────────────────────────────────────────────────────────────────

/** Answers requests in the order they come, until the CLI closes stdin. */
function serve(url, schemaFiles) {
  let engine;
  const loadOnce = () => (engine ??= loadEngine(url, schemaFiles));
  let queue = Promise.resolve();
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.on('line', (line) => {
    const message = JSON.parse(line);
    // A message without a method is the CLI's receipt for a `print`.
    if (!message.method) return;
    queue = queue.then(async () => send(await answer(message, loadOnce, url)));
  });
  // Exits by itself rather than waiting for pooled connections to idle out.
  lines.on('close', () => queue.finally(() => process.exit()));
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function answer({ id, method, params }, loadOnce, url) {
  try {
    return { id, result: (await call(method, params, loadOnce, url)) ?? {} };
  } catch (error) {
    // A WASM trap says nothing itself; the engine left the reason in the registry.
    const panicked = error instanceof WebAssembly.RuntimeError;
    const message = panicked ? globalThis.PRISMA_WASM_PANIC_REGISTRY.message : error.message;
    const data = {
      is_panic: false,
      message: message ?? String(error),
      error_code: error.code,
      meta: error.meta ?? {},
    };
    return { id, error: { code: 4466, message: 'See the data field for details.', data } };
  }
}

async function call(method, params, loadOnce, url) {
  if (method === 'createDatabase') {
    await runDatabaseCommand('create-database', url);
    return { databaseName: databaseName(url) };
  }
  const engine = await loadOnce();
  switch (method) {
    case 'getDatabaseVersion':
      return engine.version(params);
    case 'diff':
      return printDiff(await engine.diff({ filters: noFilters(), ...params }));
    default:
      return engine[method](params);
  }
}

/** The WASM build requires the filters that the native engine defaults. */
function noFilters() {
  return { externalTables: [], externalEnums: [] };
}

/** The native engine prints a diff through the CLI; the WASM build returns it as text. */
function printDiff({ exitCode, stdout }) {
  if (stdout) {
    send({ id: randomUUID(), method: 'print', params: { content: stdout.replace(/\n$/, '') } });
  }
  return { exitCode, stdout: null };
}

function log(level, fields) {
  const record = { timestamp: new Date().toISOString(), level, fields };
  process.stderr.write(`${JSON.stringify({ ...record, target: 'schema_engine::logger' })}\n`);
}

function reportPanic(error) {
  const reason = globalThis.PRISMA_WASM_PANIC_REGISTRY?.message ?? '';
  log('ERROR', { is_panic: true, message: `${reason}\n${error.stack ?? error}` });
  process.exit(EXIT_PANIC);
}
