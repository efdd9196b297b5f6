import { type Caller, CurrentCaller, parseInput } from '@bastion/platform';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { checkInputSchema, checkInputsSchema, MAX_CHECKS } from './check-input.js';
import { CheckInput, CheckResult } from './check.model.js';
import { type CheckAnswer, CheckQuery } from './check.query.js';

@Resolver()
export class CheckResolver {
  constructor(private readonly checkQuery: CheckQuery) {}

  @Query(() => CheckResult, {
    description: 'Whether a principal may do something in a scope or on a resource, and why.',
  })
  check(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CheckInput, description: 'The question.' }) input: CheckInput,
  ): Promise<CheckAnswer> {
    return this.checkQuery.run(caller, parseInput(checkInputSchema, input));
  }

  @Query(() => [CheckResult], {
    description:
      `Up to ${MAX_CHECKS} checks, all answered from one revision, which is no earlier than any of ` +
      'those named; in the order of the questions.',
  })
  checkMany(
    @CurrentCaller() caller: Caller,
    @Args('inputs', { type: () => [CheckInput], description: 'The questions.' })
    inputs: CheckInput[],
  ): Promise<readonly CheckAnswer[]> {
    return this.checkQuery.runAll(caller, parseInput(checkInputsSchema, inputs));
  }
}
