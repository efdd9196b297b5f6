import type { Caller } from '@bastion/platform';
import { BatchLoader } from './batch-loader.js';
import { type Page, type PageArgs, type PageRequest, pageRequest } from './connection.js';

/** Answers the same page of each of these. */
type LoadPages<Node> = (
  caller: Caller,
  ids: readonly string[],
  page: PageRequest,
) => Promise<Map<string, Page<Node>>>;

/**
 * A connection of every node in a list, loaded together: one batch for each request, and in it for each
 * page that is asked for.
 */
export class PageLoaders<Node> {
  private readonly loaders = new WeakMap<object, Map<string, BatchLoader<Page<Node>>>>();

  constructor(private readonly loadPages: LoadPages<Node>) {}

  /** @param request the GraphQL context: the same object in all of one request */
  load(request: object, caller: Caller, page: PageArgs, id: string): Promise<Page<Node>> {
    const loaders = this.loaders.get(request) ?? new Map<string, BatchLoader<Page<Node>>>();
    this.loaders.set(request, loaders);
    const asked = pageRequest(page);
    const key = `${asked.take} ${asked.after?.id}`;
    const loader = loaders.get(key) ?? new BatchLoader((ids) => this.loadPages(caller, ids, asked));
    loaders.set(key, loader);
    return loader.load(id);
  }
}

/** A field of every node in a list, loaded together: one batch for each request. */
export class RequestLoader<Value> {
  private readonly loaders = new WeakMap<object, BatchLoader<Value>>();

  constructor(
    private readonly loadAll: (
      caller: Caller,
      ids: readonly string[],
    ) => Promise<Map<string, Value>>,
  ) {}

  /** @param request the GraphQL context: the same object in all of one request */
  load(request: object, caller: Caller, id: string): Promise<Value> {
    const loader = this.loaders.get(request) ?? new BatchLoader((ids) => this.loadAll(caller, ids));
    this.loaders.set(request, loader);
    return loader.load(id);
  }
}
