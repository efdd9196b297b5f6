import { Progress } from '../../demo/progress.js';
import { REPOSITORY } from '../../stack/repository.js';
import type { BenchWorld, Listener } from './bench-world.js';
import { cerbosRequestOf } from './cerbos.js';
import type { MeasuredTenant } from './measured-tenant.js';
import { measureInTurns, type Target, type TargetSpeed, type Turns } from './measure-turns.js';
import { installOnDemand } from './on-demand.js';
import { batchesOf, checkOperationOf, evaluationOf, type Question } from './questions.js';
import { Spicedb, SPICEDB } from './spicedb.js';

const BATCH = 100;
/** So many different answers an echo has. */
const ANSWERS = 200;

const SINGLE_PATH = '/access/v1/evaluation';
const BATCH_PATH = '/access/v1/evaluations';
const GRAPHQL_PATH = '/graphql';
const CERBOS_PATH = '/api/check/resources';

export interface MeasureOptions extends Omit<Turns, 'progress'> {
  /** Whether to measure the rivals too. */
  readonly rivals: boolean;
  readonly print: (line: string) => void;
}

export interface ServiceSpeeds {
  readonly single: {
    readonly gatekeeper: TargetSpeed;
    readonly echo: TargetSpeed;
    readonly cerbos?: TargetSpeed;
  };
  readonly batch: { readonly gatekeeper: TargetSpeed; readonly echo: TargetSpeed };
  readonly batchSize: number;
  readonly graphql: { readonly gatekeeper: TargetSpeed; readonly echo: TargetSpeed };
  /** Checks a second, one figure a round. */
  readonly spicedb?: readonly number[];
}

/** Starts what gatekeeper is measured beside, and measures one after the other. */
export async function measureServices(
  world: BenchWorld,
  tenant: MeasuredTenant,
  questions: readonly Question[],
  options: MeasureOptions,
): Promise<ServiceSpeeds> {
  const { rounds, rivals, print } = options;
  const singles = questions.map(evaluationOf).map((body) => JSON.stringify(body));
  const batches = batchesOf(questions, BATCH).map((body) => JSON.stringify(body));
  const operations = questions.map(checkOperationOf).map((body) => JSON.stringify(body));
  const headers = async () => ({ authorization: `Bearer ${await tenant.token()}` });
  const answersTo = (path: string, bodies: readonly string[]) =>
    answersOf(`${world.gatekeeper.url}${path}`, bodies.slice(0, ANSWERS), headers);

  const echoed = {
    [SINGLE_PATH]: await answersTo(SINGLE_PATH, singles),
    [BATCH_PATH]: await answersTo(BATCH_PATH, batches),
  };
  const checks = (await answersTo(GRAPHQL_PATH, operations)) as { data: { check: object } }[];
  const schema = `${REPOSITORY}libs/contracts/schema/gatekeeper.graphql`;
  const echo = await world.startEcho('echo-process', world.write('answers.json', echoed));
  const apollo = await world.startEcho(
    ...(['apollo-echo-process', schema] as const),
    world.write(
      'checks.json',
      checks.map(({ data }) => data.check),
    ),
  );
  const cerbos = rivals ? await world.startCerbos(print) : undefined;

  const target = ({ url, pid }: Listener, path: string, bodies: readonly string[]): Target => ({
    ...{ url: `${url}${path}`, pid, bodies, headers },
  });
  const inTurns = <Name extends string>(label: string, targets: Record<Name, Target>) => {
    const turns = Object.keys(targets).length * (rounds + 1);
    const progress = new Progress(label, turns);
    return measureInTurns(world.generator, targets, { ...options, progress }).finally(() =>
      progress.finish(),
    );
  };
  const bare = {
    echo: target(echo, SINGLE_PATH, singles),
    gatekeeper: target(world.gatekeeper, SINGLE_PATH, singles),
  };
  const cerbosBodies = questions.map(cerbosRequestOf).map((body) => JSON.stringify(body));
  const single: ServiceSpeeds['single'] = cerbos
    ? await inTurns('single', { ...bare, cerbos: target(cerbos, CERBOS_PATH, cerbosBodies) })
    : await inTurns('single', bare);
  const batch = await inTurns('batches', {
    echo: target(echo, BATCH_PATH, batches),
    gatekeeper: target(world.gatekeeper, BATCH_PATH, batches),
  });
  const graphql = await inTurns('GraphQL', {
    echo: target(apollo, GRAPHQL_PATH, operations),
    gatekeeper: target(world.gatekeeper, GRAPHQL_PATH, operations),
  });
  const spicedb = rivals ? await measureSpicedb(tenant, questions, options) : undefined;
  return { single, batch, batchSize: BATCH, graphql, ...(spicedb && { spicedb }) };
}

/** What gatekeeper answers, to be echoed. */
async function answersOf(
  url: string,
  bodies: readonly string[],
  headers: () => Promise<Record<string, string>>,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  const sent = { 'content-type': 'application/json', ...(await headers()) };
  for (const body of bodies) {
    const response = await fetch(url, { method: 'POST', headers: sent, body });
    if (!response.ok) throw new Error(`${url} answered ${await response.text()}`);
    answers.push(await response.json());
  }
  return answers;
}

async function measureSpicedb(
  { facts }: MeasuredTenant,
  questions: readonly Question[],
  { rounds, connections, milliseconds, print }: MeasureOptions,
): Promise<readonly number[] | undefined> {
  const installed = await installOnDemand(SPICEDB.name, SPICEDB.version, print);
  if (installed === undefined) return undefined;
  const spicedb = Spicedb.start(installed, facts);
  const progress = new Progress('SpiceDB', rounds + 1);
  const limits = { concurrency: connections, milliseconds };
  const perSecond: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const rate = await spicedb.ask(questions.slice(0, 20_000), limits);
      if (round > 0) perSecond.push(rate);
      progress.advance();
    }
  } finally {
    spicedb.stop();
    progress.finish();
  }
  return perSecond;
}
