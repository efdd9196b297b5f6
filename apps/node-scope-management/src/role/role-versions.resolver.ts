import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { z } from 'zod';
import { BatchLoader } from '../graphql/batch-loader.js';
import { type Page, PageArgs, type PageRequest, pageRequest } from '../graphql/connection.js';
import { Role, type RoleVersion, RoleVersionConnection } from './role.model.js';
import { RolesQuery } from './roles.query.js';

const LATEST_FIRST = { field: 'VERSION', direction: 'DESC' } as const;
const versionSchema = z.string().regex(/^\d{1,9}$/);

type VersionsLoader = BatchLoader<Page<RoleVersion>>;

@Resolver(() => Role)
export class RoleVersionsResolver {
  /** Per request, and in it per page asked for. */
  private readonly loaders = new WeakMap<object, Map<string, VersionsLoader>>();

  constructor(private readonly query: RolesQuery) {}

  @ResolveField(() => RoleVersionConnection, {
    description: 'What it was before its changes, the latest first.',
  })
  versions(
    @Parent() role: Role,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<RoleVersion>> {
    const asked = pageRequest(page, LATEST_FIRST, versionSchema);
    return this.loaderFor(request, caller, asked).load(role.id);
  }

  private loaderFor(request: object, caller: Caller, asked: PageRequest): VersionsLoader {
    const loaders = this.loaders.get(request) ?? new Map<string, VersionsLoader>();
    this.loaders.set(request, loaders);
    const key = `${asked.take} ${asked.after?.id}`;
    const loader =
      loaders.get(key) ?? new BatchLoader((ids) => this.query.versions(caller, ids, asked));
    loaders.set(key, loader);
    return loader;
  }
}
