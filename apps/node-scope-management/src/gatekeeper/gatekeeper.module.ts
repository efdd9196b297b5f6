import { Module } from '@nestjs/common';
import { Gatekeepers } from './gatekeepers.js';

/** How operators reach the replicas of gatekeeper. */
@Module({ providers: [Gatekeepers], exports: [Gatekeepers] })
export class GatekeeperModule {}
