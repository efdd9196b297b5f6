import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { requestOf } from './request-of.js';
import { RequestAuthenticator } from './request-authenticator.js';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';

/** Stands before every route and every GraphQL operation of the app. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: RequestAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'PUBLIC') return true;
    // INVARIANT: a route that says nothing gets the strict rule, so that forgetting fails closed.
    if (access === 'SERVICE_ONLY') await this.authenticator.requireService(requestOf(context));
    else await this.authenticator.requireCaller(requestOf(context));
    return true;
  }
}
