import { Args, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { Me, MyAccessArgs, MyAssignment, type MyGroup, MyGroupConnection } from './me.model.js';
import { MeQuery } from './me.query.js';

@Resolver(() => Me)
export class MeResolver {
  constructor(private readonly query: MeQuery) {}

  @Query(() => Me)
  me(@CurrentCaller() caller: Caller): Promise<Me> {
    return this.query.of(caller);
  }

  @ResolveField(() => MyGroupConnection, {
    description: 'The groups that contain whoever asks, directly or by nesting.',
  })
  groups(@CurrentCaller() caller: Caller, @Args() page: PageArgs): Promise<Page<MyGroup>> {
    return this.query.groups(caller, pageRequest(page));
  }

  @ResolveField(() => [MyAssignment], {
    description:
      'All roles that whoever asks has or is denied, directly or through groups, whether they count now or not.',
  })
  assignments(@CurrentCaller() caller: Caller): Promise<MyAssignment[]> {
    return this.query.assignments(caller);
  }

  @ResolveField(() => [String], {
    description:
      'What whoever asks may do there now, where nothing is known of the request: as permissions, wildcards among them. None where there is no such place.',
  })
  access(@CurrentCaller() caller: Caller, @Args() place: MyAccessArgs): Promise<readonly string[]> {
    return this.query.permissions(caller, { ...place });
  }
}
