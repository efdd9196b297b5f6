import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { MeQuery } from './me.query.js';
import { MeResolver } from './me.resolver.js';

@Module({ imports: [FactsModule], providers: [MeQuery, MeResolver] })
export class MeModule {}
