import type { GraphQLSchema } from 'graphql';
import { TestSubscription, type Told } from '../test-subscription.js';
import type { ForeignId } from './foreign-id.js';
import { operationAlong } from './graphql-operation.js';
import { calledFields } from './graphql-endpoints.js';
import type { GraphqlWalls } from './graphql-walls.js';
import { differences } from './differences.js';

/** A service whose subscriptions are listened to, while something happens in two of its tenants. */
export interface ListenedService {
  readonly url: string;
  readonly schema: GraphQLSchema;
  readonly walls: GraphqlWalls;
  /** The token of the first tenant's administrator, who listens. */
  readonly token: string;
  /** What names something of the second tenant. */
  readonly foreign: readonly ForeignId[];
  /** Changes something in the second tenant, and answers with further ids that are theirs. */
  readonly stirTheirs: () => Promise<readonly string[]>;
  /** Changes something in the first tenant, and answers with what is told of it there. */
  readonly stirOwn: () => Promise<string>;
}

/** What cannot be in an id. */
const WORD_ENDS = /[^\w.@-]+/;

/**
 * Listens to every subscription of a service at once while both tenants change, until the own change has
 * been told by each that tells of changes, and names whatever was heard of the other tenant.
 *
 * @param tellsChanges the subscriptions that tell of every change; each other one is listened to as long
 */
export async function findStreamLeaks(
  service: ListenedService,
  tellsChanges: readonly string[],
): Promise<string[]> {
  const fields = calledFields(service.walls).filter((name) => name.startsWith('Subscription.'));
  const streams = await Promise.all(fields.map((field) => Stream.open(service, field)));
  const theirs = await service.stirTheirs();
  const own = await service.stirOwn();
  const telling = streams.filter(({ field }) => tellsChanges.includes(field));
  await Promise.all(telling.map((stream) => stream.hears(own)));
  // Other texts of theirs were tried in the own tenant, which may have things that are called so by now.
  const ids = service.foreign.filter(({ kind }) => kind === 'ID');
  const foreign = [...ids.map((each) => each.theirs), ...theirs];
  const leaks = streams.flatMap((stream) => stream.leaksOf(foreign));
  await Promise.all(streams.map((stream) => stream.stop()));
  const unheard = differences(
    'subscription',
    tellsChanges,
    telling.map(({ field }) => field),
  );
  return [...unheard, ...leaks];
}

class Stream {
  readonly #told: Told<unknown>[] = [];
  readonly #listening: Promise<void>;
  #hear: () => void = () => undefined;

  private constructor(
    readonly field: string,
    private readonly subscription: TestSubscription,
    first: Told<unknown>,
  ) {
    this.#told.push(first);
    this.#listening = this.#listen();
  }

  static async open({ url, schema, walls, token }: ListenedService, field: string) {
    const rule = walls.fields[field];
    const args = rule?.rule === 'BY_ID' ? await rule.sample() : {};
    const subscription = new TestSubscription(
      url,
      token,
      operationAlong(schema, [{ field, args }]),
    );
    return new Stream(field, subscription, await subscription.next());
  }

  /** Resolves once something with this in it was told. */
  async hears(text: string): Promise<void> {
    while (!JSON.stringify(this.#told).includes(text)) {
      await new Promise<void>((resolve) => (this.#hear = resolve));
    }
  }

  leaksOf(foreign: readonly string[]): string[] {
    const words = new Set(JSON.stringify(this.#told).split(WORD_ENDS));
    const isRefused = this.#told.some((told) => !('data' in told) || 'errors' in told);
    return [
      ...(isRefused ? [`${this.field}: refused: ${JSON.stringify(this.#told)}`] : []),
      ...foreign.filter((id) => words.has(id)).map((id) => `${this.field}: tells ${id} of theirs`),
    ];
  }

  async stop(): Promise<void> {
    await this.subscription.stop();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    for (;;) {
      const told = await this.subscription.next();
      if ('completed' in told) return;
      this.#told.push(told);
      this.#hear();
      if (!('data' in told)) return;
    }
  }
}
