// How Prisma's schema engine reaches PostgreSQL: the pg driver adapter, corrected where the engine
// expects what only the native driver delivers.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

const INTERNAL_CHAR_OID = 18;
const TEXT_OID = 25;

/** The database a connection URL names. */
export function databaseName(url) {
  return decodeURIComponent(url.pathname.slice(1));
}

function atDatabase(url, database) {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other;
}

/** `schema` is Prisma's own parameter: the server would refuse to know it. */
function connectionString(url) {
  const plain = new URL(url);
  plain.searchParams.delete('schema');
  return plain.href;
}

/** Runs one of the commands by which the CLI asks about or makes the database of `url`. */
export async function runDatabaseCommand(command, url) {
  const name = pg.escapeIdentifier(databaseName(url));
  switch (command) {
    case 'can-connect-to-database':
      return execute(url, 'SELECT 1');
    case 'create-database':
      return execute(atDatabase(url, 'postgres'), `CREATE DATABASE ${name}`);
    case 'drop-database':
      return execute(atDatabase(url, 'postgres'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    default:
      throw new Error(`Unknown command ${command}`);
  }
}

async function execute(url, sql) {
  const client = new pg.Client({ connectionString: connectionString(url) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** How the engine reaches the database of `url`, and a shadow database beside it. */
export function adapterFactory(url) {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connectAdapter(url),
    connectToShadowDb: () => connectToShadowDatabase(url),
  };
}

async function connectAdapter(url) {
  // One connection: the engine's advisory lock and session settings belong to the connection.
  const pool = new pg.Pool({ connectionString: connectionString(url), max: 1 });
  const schema = url.searchParams.get('schema') ?? undefined;
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  // The adapter splits scripts at every ';', which breaks $$ bodies; the server takes them whole.
  adapter.executeScript = (script) => pool.query(script).then(noResult, (e) => adapter.onError(e));
  readInternalCharColumns(adapter);
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) =>
    readInternalCharColumns(await startTransaction(isolationLevel));
  return adapter;
}

function noResult() {}

/** A database of its own in which the engine replays the migrations; gone when it is done. */
async function connectToShadowDatabase(url) {
  const shadow = atDatabase(url, `prisma_migrate_shadow_db_${randomUUID()}`);
  await runDatabaseCommand('create-database', shadow);
  const adapter = await connectAdapter(shadow);
  const disconnect = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await disconnect();
    await runDatabaseCommand('drop-database', shadow);
  };
  return adapter;
}

/**
 * The catalog's "char" columns have no type in the adapter, and the engine insists on Character:
 * the adapter sees text, the engine the type it expects.
 */
function readInternalCharColumns(queryable) {
  const { queryRaw } = queryable;
  queryable.queryRaw = async (query) => {
    let charColumns = [];
    const asText = Object.create(queryable, {
      performIO: {
        value: async (io) => {
          const result = await queryable.performIO(io);
          charColumns = result.fields.map((field) => field.dataTypeID === INTERNAL_CHAR_OID);
          const fields = result.fields.map((field, i) =>
            charColumns[i] ? { ...field, dataTypeID: TEXT_OID } : field,
          );
          return { fields, rows: result.rows };
        },
      },
    });
    const result = await queryRaw.call(asText, query);
    const columnTypes = result.columnTypes.map((type, i) =>
      charColumns[i] ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  return queryable;
}
