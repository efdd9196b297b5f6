import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { callerOf, type Caller } from './caller.js';
import { requestOf } from './request-of.js';

/** Injects the {@link Caller} into a parameter of a controller or resolver method. */
export const CurrentCaller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller => callerOf(requestOf(context)),
);
