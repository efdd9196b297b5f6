import { Controller, Get, Inject, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/route-access.js';
import type { DrainingAdapter } from '../http/draining-adapter.js';
import { Readiness } from './readiness.js';

/** Which app this is. */
export interface AppIdentity {
  readonly name: string;
  readonly version: string;
}

/** Injection token of {@link AppIdentity}. */
export const APP_IDENTITY = Symbol('APP_IDENTITY');

/** What orchestrators and people without a token may know. */
@Controller()
@Public()
export class HealthController {
  constructor(
    @Inject(APP_IDENTITY) private readonly app: AppIdentity,
    private readonly readiness: Readiness,
    private readonly http: HttpAdapterHost<DrainingAdapter>,
  ) {}

  @Get('probe')
  probe(): AppIdentity {
    return this.app;
  }

  /** Alive is whoever can answer: what it depends on is no reason to restart it. */
  @Get('health/live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: string; failing?: readonly string[] }> {
    const failing = this.http.httpAdapter.isLeaving ? ['shutdown'] : await this.readiness.failing();
    if (failing.length === 0) return { status: 'ok' };
    void reply.status(503);
    return { status: 'unavailable', failing };
  }
}
