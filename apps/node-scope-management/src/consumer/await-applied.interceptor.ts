import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { ConsistencyTokens } from '@bastion/platform';
import { mergeMap, type Observable } from 'rxjs';
import { type MutationPayload, WriteAwait } from '../graphql/mutation-payload.js';
import { AppliedQuery } from './applied.query.js';

/** Holds the answer of a mutation that asks for it back until the change is enforced everywhere. */
@Injectable()
export class AwaitAppliedInterceptor implements NestInterceptor {
  constructor(
    private readonly applied: AppliedQuery,
    private readonly tokens: ConsistencyTokens,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const answer = next.handle();
    if (context.getType<string>() !== 'graphql') return answer;
    const args = GqlExecutionContext.create(context).getArgs<{ await?: WriteAwait }>();
    if (args.await !== WriteAwait.APPLIED) return answer;
    return answer.pipe(mergeMap((payload: MutationPayload) => this.whenApplied(payload)));
  }

  private async whenApplied(payload: MutationPayload): Promise<MutationPayload> {
    const { tenantId, ...position } = this.tokens.open(payload.consistencyToken);
    return { ...payload, appliedAt: await this.applied.run(tenantId, position) };
  }
}
