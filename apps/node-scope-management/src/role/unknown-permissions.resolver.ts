import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { BatchLoader } from '../graphql/batch-loader.js';
import { Role } from './role.model.js';
import { RolesQuery } from './roles.query.js';

@Resolver(() => Role)
export class UnknownPermissionsResolver {
  /** Per request. */
  private readonly loaders = new WeakMap<object, BatchLoader<string[]>>();

  constructor(private readonly query: RolesQuery) {}

  @ResolveField(() => [String], {
    description:
      'Those of its permissions that the catalogue does not know: perhaps typing errors. `*` is known, `type:*` if the type is.',
  })
  unknownPermissions(
    @Parent() role: Role,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<string[]> {
    const loader =
      this.loaders.get(request) ??
      new BatchLoader((ids) => this.query.unknownPermissions(caller, ids));
    this.loaders.set(request, loader);
    return loader.load(role.id);
  }
}
