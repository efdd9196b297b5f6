import { type Caller, CurrentCaller, parseInput } from '@bastion/platform';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { checkInputSchema, checkInputsSchema, MAX_CHECKS } from './check-input.js';
import { CheckInput, CheckResult } from './check.model.js';
import { type CheckAnswer, CheckQuery } from './check.query.js';

@Resolver()
export class CheckResolver {
  constructor(private readonly checkQuery: CheckQuery) {}

  @Query(() => CheckResult, {
    description: 'Whether a principal may do something in a scope, and why.',
  })
  check(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CheckInput, description: 'The question.' }) input: CheckInput,
  ): Promise<CheckAnswer> {
    const { question, atLeast } = parseInput(checkInputSchema, input);
    return this.checkQuery.run(caller, question, atLeast);
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
    const checks = parseInput(checkInputsSchema, inputs);
    return this.checkQuery.runAll(
      caller,
      checks.map(({ question }) => question),
      checks.map(({ atLeast }) => atLeast),
    );
  }
}
