import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { RequestLoader } from '../graphql/page-loaders.js';
import { GroupPayload } from '../group/index.js';
import { PlainGroup, PlainMembership } from './known-groups.model.js';
import { KnownGroupsQuery } from './known-groups.query.js';

const DESCRIPTION = 'The users directly in it.';

@Resolver(() => PlainGroup)
export class PlainGroupResolver {
  private readonly loader: RequestLoader<PlainMembership[]>;

  constructor(query: KnownGroupsQuery) {
    this.loader = new RequestLoader((caller, ids) => query.members(caller, ids));
  }

  @ResolveField(() => [PlainMembership], { description: DESCRIPTION })
  members(
    @Parent() group: PlainGroup,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<PlainMembership[]> {
    return this.loader.load(request, caller, group.id);
  }
}

/** One `createGroup` serves both kinds of clients: those that ask its payload for the group's fields too. */
@Resolver(() => GroupPayload)
export class PlainGroupPayloadResolver {
  private readonly loader: RequestLoader<PlainMembership[]>;

  constructor(query: KnownGroupsQuery) {
    this.loader = new RequestLoader((caller, ids) => query.members(caller, ids));
  }

  @ResolveField(() => String, { nullable: true, description: 'As in group; for known clients.' })
  name(@Parent() { group }: GroupPayload): string | null {
    return group?.name ?? null;
  }

  @ResolveField(() => String, { nullable: true, description: 'As in group; for known clients.' })
  externalId(@Parent() { group }: GroupPayload): string | null {
    return group?.externalId ?? null;
  }

  @ResolveField(() => [PlainMembership], { description: `${DESCRIPTION} For known clients.` })
  members(
    @Parent() payload: GroupPayload,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<PlainMembership[]> {
    return this.loader.load(request, caller, payload.id);
  }
}
