import type { ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import type { AskingRequest } from './caller.js';

/**
 * The request behind a controller's or a resolver's call.
 *
 * @throws Error for anything that came otherwise, such as a message of the broker: there is no
 *   token to look for, so nothing guarded may be reached that way
 */
export function requestOf(context: ExecutionContext): AskingRequest {
  const type = context.getType<GqlContextType>();
  if (type === 'http') return context.switchToHttp().getRequest<AskingRequest>();
  if (type === 'graphql') {
    return GqlExecutionContext.create(context).getContext<{ req: AskingRequest }>().req;
  }
  throw new Error(`A call by ${type} has no HTTP request to authenticate`);
}
