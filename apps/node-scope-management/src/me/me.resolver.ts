import { Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { Me } from './me.model.js';
import { MeQuery } from './me.query.js';

@Resolver()
export class MeResolver {
  constructor(private readonly query: MeQuery) {}

  @Query(() => Me)
  me(@CurrentCaller() caller: Caller): Promise<Me> {
    return this.query.of(caller);
  }
}
