import { type Caller, consistencyTokenSchema, CurrentCaller, parseInput } from '@bastion/platform';
import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { CheckInput, checkInputSchema, CheckResult, type CheckAnswer } from '../check/index.js';
import { type AccessChange, AccessChangesQuery } from './access-changes.query.js';
import { CheckChangesQuery } from './check-changes.query.js';
import { AccessChangeSet } from './watch.model.js';

const sinceSchema = consistencyTokenSchema.nullish();

/** The values of a subscription are what its field answers. */
const asItIs = { resolve: <T>(value: T): T => value };

@Resolver()
export class WatchResolver {
  constructor(
    private readonly checks: CheckChangesQuery,
    private readonly changes: AccessChangesQuery,
  ) {}

  @Subscription(() => CheckResult, {
    ...asItIs,
    description:
      'The answer to a check now, and again whenever it is another one: by a change, or by time alone, ' +
      'as a role assignment begins or ends. Ends with FORBIDDEN once it is not the caller’s to ask.',
  })
  checkChanges(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CheckInput, description: 'The question.' }) input: CheckInput,
  ): AsyncIterableIterator<CheckAnswer> {
    return this.checks.run(caller, parseInput(checkInputSchema, input));
  }

  @Subscription(() => AccessChangeSet, {
    ...asItIs,
    description:
      'Every change that checks of the tenant depend on, in order and as this replica comes to enforce ' +
      'it; the first value says where it begins. Takes the permission access:check at the root of the ' +
      'tenant, and ends with FORBIDDEN when that is lost. Ends with CURSOR_EXPIRED when changes in ' +
      'between are not kept here: read anew what is shown, and watch from there.',
  })
  accessChanges(
    @CurrentCaller() caller: Caller,
    @Args('since', {
      type: () => String,
      nullable: true,
      description: 'A consistency token: go on after its revision. From now on when left out.',
    })
    since: string | null | undefined,
  ): AsyncIterableIterator<AccessChange> {
    return this.changes.run(caller, parseInput(sinceSchema, since));
  }
}
